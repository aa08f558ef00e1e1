{% macro years_later(date, years) %}
    {#- The same day that many years later (a date and a whole number in, a date out); 29 February becomes
        28 February where the year has no 29th. NULL for NULL. -#}
    {{ return(adapter.dispatch('years_later', 'social_care_warehouse')(date, years)) }}
{% endmacro %}

{% macro default__years_later(date, years) -%}
    cast({{ date }} + interval '{{ years }} years' as date)
{%- endmacro %}

{% macro spark__years_later(date, years) -%}
    add_months({{ date }}, {{ 12 * years }})
{%- endmacro %}
