{% macro forget_last_build() %}
    {#- Before a run that changes tables: removes what the command `build` recorded of its own run,
        because from now on it may not be so. `build` writes it again when all is done. -#}
    {{ return(adapter.dispatch('forget_last_build', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__forget_last_build() -%}
    {%- if execute and flags.WHICH not in [
        'test', 'compile', 'generate', 'show', 'freshness'
    ] -%}
        {%- do run_query('drop schema if exists meta cascade') -%}
    {%- endif -%}
{%- endmacro %}

{% macro spark__forget_last_build() -%}
{%- endmacro %}
