{% macro hand_over_raw() %}
    {#- Before a run: makes the raw tables known to an engine that does not hold them itself. -#}
    {{ return(adapter.dispatch('hand_over_raw', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__hand_over_raw() -%}
{%- endmacro %}

{% macro spark__hand_over_raw() -%}
    {#- Views over the Parquet files that scripts/load.py --parquet wrote, one for each source of the
        schema raw. Without WAREHOUSE_PARQUET the tables are taken to be in the catalogue already. -#}
    {%- set folder = env_var('WAREHOUSE_PARQUET', '') -%}
    {%- if execute and folder -%}
        {%- for source in graph.sources.values() if source.schema == 'raw' -%}
            {%- if loop.first -%}
                {%- do run_query('create schema if not exists raw') -%}
            {%- endif -%}
            {%- do run_query(
                'create or replace view raw.' ~ source.identifier ~ ' as select * from parquet.`'
                ~ folder ~ '/' ~ source.identifier ~ '.parquet`'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
