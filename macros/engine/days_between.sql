{% macro days_between(start_date, end_date) %}
    {#- Nights from the first date to the second: the start counts, the end does not. 0 on the same
        day, negative where the end comes first, NULL where either is NULL. -#}
    {{ return(adapter.dispatch('days_between', 'social_care_warehouse')(start_date, end_date)) }}
{% endmacro %}

{% macro default__days_between(start_date, end_date) -%}
    cast(date_diff('day', {{ start_date }}, {{ end_date }}) as integer)
{%- endmacro %}

{% macro spark__days_between(start_date, end_date) -%}
    datediff({{ end_date }}, {{ start_date }})
{%- endmacro %}
