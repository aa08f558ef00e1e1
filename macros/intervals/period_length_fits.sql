{% macro period_length_fits(length, days, unit) -%}
    {#- Whether a delivered length of a period of care says the same as its dates: within 2 days, or
        within one and a half months, by the unit ('days' or 'months') in which it is given. -#}
    {%- if unit == 'days' -%}
        abs({{ length }} - {{ days }}) <= 2
    {%- else -%}
        abs({{ length }} - {{ days }} / 30.4375) <= 1.5
    {%- endif -%}
{%- endmacro %}
