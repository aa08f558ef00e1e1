{% macro computed_once() %}
    {#- After the `as` of a CTE that many joins read: computes it once. Spark decides by itself. -#}
    {{ return(adapter.dispatch('computed_once', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__computed_once() -%}
    materialized
{%- endmacro %}

{% macro spark__computed_once() -%}
{%- endmacro %}

{% macro read_each_time() %}
    {#- After the `as` of a CTE of a large table that several CTEs read in part: reads the table for each of
        them, where DuckDB would write its rows to memory and disk. Spark never does. -#}
    {{ return(adapter.dispatch('read_each_time', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__read_each_time() -%}
    not materialized
{%- endmacro %}

{% macro spark__read_each_time() -%}
{%- endmacro %}
