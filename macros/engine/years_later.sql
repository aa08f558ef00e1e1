{% macro years_later(date, years) %}
    {#- The date a whole number of years after a date. 29 February becomes 28 February where the later year
        has no 29th. NULL for NULL. -#}
    {{ return(adapter.dispatch('years_later', 'social_care_warehouse')(date, years)) }}
{% endmacro %}

{% macro default__years_later(date, years) -%}
    cast({{ date }} + interval '{{ years }} years' as date)
{%- endmacro %}

{% macro spark__years_later(date, years) -%}
    add_months({{ date }}, {{ 12 * years }})
{%- endmacro %}
