{% macro without_catalog(relation) -%}
    {#- The relation without the name of the database file. A view that names the file breaks as soon as
        somebody renames or copies the file. -#}
    {{ relation.include(database=false) if relation.include is defined else relation }}
{%- endmacro %}
