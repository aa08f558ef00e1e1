{% macro built_columns(relation_nodes) %}
    {#- The names of the columns of these nodes in the database: one list for each schema and name. A node
        that was not built has none. -#}
    {{ return(adapter.dispatch('built_columns', 'social_care_warehouse')(relation_nodes)) }}
{% endmacro %}

{% macro default__built_columns(relation_nodes) -%}
    {%- set found = {} -%}
    {%- set query -%}
        select schema_name, table_name, column_name
        from duckdb_columns()
        where database_name = current_database() and not internal
    {%- endset -%}
    {%- for schema, table, column in run_query(query).rows -%}
        {%- do found.setdefault((schema, table), []).append(column) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro spark__built_columns(relation_nodes) -%}
    {%- set found = {} -%}
    {%- for node in relation_nodes -%}
        {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- if relation -%}
            {%- do found.update({(node.schema, node.alias):
                adapter.get_columns_in_relation(relation) | map(attribute='name') | list}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
