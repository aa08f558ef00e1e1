{#- A query for the columns of each table, as dbt makes it, takes a tenth of a small build. The test
    every_column_is_described compares them all in one query. -#}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
    {%- for name, column in column_dict.items() %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }}
        is {{ duckdb_escape_comment(column['description']) }};
    {%- endfor %}
{%- endmacro %}
