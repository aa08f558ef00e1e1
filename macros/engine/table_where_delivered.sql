{#- A table where a dataset of schools or offences was delivered, else a view. Without them nearly every
    value is NULL, and to store them for each pupil of England would cost more than to work them out. -#}

{% materialization table_where_delivered, adapter='duckdb' %}
    {%- if is_outcome_delivered() -%}
        {{ return(materialization_table_duckdb()) }}
    {%- endif -%}
    {{ return(materialization_view_default()) }}
{% endmaterialization %}

{% materialization table_where_delivered, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{% macro is_outcome_delivered() -%}
    {#- Whether the raw table of a dataset of schools or offences has a row. True while dbt only reads
        the project. -#}
    {%- if not execute -%} {{ return(true) }} {%- endif -%}
    {%- set tests = [] -%}
    {%- for dataset in school_datasets() + ['offence'] -%}
        {%- do tests.append(
            'exists (select 1 from '
            ~ api.Relation.create(schema='raw', identifier=dataset) ~ ')'
        ) -%}
    {%- endfor -%}
    {{ return(run_query('select ' ~ tests | join(' or '))[0][0]) }}
{%- endmacro %}
