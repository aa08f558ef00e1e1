{% macro try_cast(expression, type) %}
    {#- The expression as the type, or NULL where it cannot be read. Never an error, whose message
        would show a person's value. (dbt's own safe_cast aborts on DuckDB.) -#}
    {{ return(adapter.dispatch('try_cast', 'social_care_warehouse')(expression, type)) }}
{% endmacro %}

{% macro default__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}
