{% macro computed_once() %}
    {#- After the `as` of a CTE that many joins read: computes it once. Spark decides by itself. -#}
    {{ return(adapter.dispatch('computed_once', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__computed_once() -%}
    materialized
{%- endmacro %}

{% macro spark__computed_once() -%}
{%- endmacro %}
