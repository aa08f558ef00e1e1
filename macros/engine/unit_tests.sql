{% materialization unit, adapter='spark' %}
    {#- As in dbt, but the types of the expected values are those of the tested model if it is built. dbt
        finds them with a view of the tested query, which Spark plans twice more. -#}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set expected_names = expected_rows[0].keys() | map('lower') | list if expected_rows
        else get_columns_in_query(sql) | map('lower') | list -%}
    {%- set built = api.Relation.create(
        schema=model.schema,
        identifier=model.tested_node_unique_id.split('.')[-1]
    ) -%}
    {%- set columns = columns_by_name(built) -%}
    {%- if expected_names | reject('in', columns) | list -%}
        {%- set view = make_temp_relation(this.incorporate(type='table')) -%}
        {%- do run_query(get_create_table_as_sql(True, view, get_empty_subquery_sql(sql))) -%}
        {%- set columns = columns_by_name(view) -%}
        {%- do adapter.drop_relation(view) -%}
    {%- endif -%}
    {%- set types, names = {}, {} -%}
    {%- for name, column in columns.items() -%}
        {%- do types.update({name: column.data_type}) -%}
        {%- do names.update({name: column.quoted}) -%}
    {%- endfor -%}
    {%- set expected_sql = config.get('expected_sql')
        or get_expected_sql(expected_rows, types, names) -%}
    {%- set tested_columns = [] -%}
    {%- for name in expected_names -%}
        {%- do tested_columns.append(names[name]) -%}
    {%- endfor -%}
    {%- call statement('main', fetch_result=True) -%}
        {{ get_unit_test_sql(sql, expected_sql, tested_columns) }}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{% macro columns_by_name(relation) -%}
    {#- The columns of a relation by their names in lower case; none if there is no such relation. -#}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
