{#- dbt drops a backup after each table, although a new table has none. Asking the cache first saves
    a statement for each table and view. -#}
{% macro drop_relation_if_exists(relation) -%}
    {%- if relation is not none and (target.type != 'duckdb' or load_cached_relation(relation)) -%}
        {{ adapter.drop_relation(relation) }}
    {%- endif -%}
{%- endmacro %}
