{% macro described_columns(model) %}
    {#- The columns of a staging model, from its YAML file. A test keeps them the same as those of the
        table, which a unit test has to ask, because dbt shows it no YAML. -#}
    {%- set names = [] -%}
    {%- if execute and graph.nodes -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == model -%}
            {%- do names.extend(node.columns.keys()) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if execute and not names -%}
        {%- set relation = adapter.get_relation(target.database, 'staging', model) -%}
        {%- if relation -%}
            {%- do names.extend(adapter.get_columns_in_relation(relation) | map(attribute='name')) -%}
        {%- endif -%}
    {%- endif -%}
    {#- While dbt only reads the project it knows no other model, and any column will do. -#}
    {{ return(names or ['pupil_id', 'pupil_id_issue']) }}
{% endmacro %}

{% macro staged_columns(dataset) %}
    {#- The columns of a staging model that hold values. Which of them hold a delivered one, the seed
        staged_column says. -#}
    {%- set names = [] -%}
    {%- for name in described_columns('stg_' ~ dataset) -%}
        {%- if not name.endswith('_issue') and not name.startswith('_') -%}
            {%- do names.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}

{% macro checked_columns(dataset) %}
    {#- The columns of a staging model whose text it may not have been able to use: those with a column
        <name>_issue. -#}
    {%- set names = [] -%}
    {%- for name in described_columns('stg_' ~ dataset) if name.endswith('_issue') -%}
        {%- do names.append(name[:-6]) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}
