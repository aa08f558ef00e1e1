{% macro forget_last_build() %}
    {#- Before a run: removes the note of what a build made, because from now on it may not be so. The
        command `build` writes it again when all is done. -#}
    {{ return(adapter.dispatch('forget_last_build', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__forget_last_build() -%}
    {%- if execute -%}
        {%- do run_query('drop table if exists meta.built_node') -%}
    {%- endif -%}
{%- endmacro %}

{% macro spark__forget_last_build() -%}
{%- endmacro %}
