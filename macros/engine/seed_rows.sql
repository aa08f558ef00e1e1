{% macro spark__load_csv_rows(model, agate_table) %}
    {#- Fills a seed. dbt-spark binds values itself and, in a session, writes an empty cell as the text
        'None' and a quote as it is: here each value is a literal, NULL for an empty cell. -#}
    {%- set column_types = model['config']['column_types'] -%}
    {%- set statements = [] -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- set statement -%}
            insert into {{ this.render() }} values
            {%- for row in rows %}
            (
                {%- for value in row -%}
                cast({{ spark_text_literal(value) }} as {{ column_types[agate_table.column_names[loop.index0]] }})
                {%- if not loop.last %}, {% endif -%}
                {%- endfor -%}
            ){% if not loop.last %},{% endif %}
            {%- endfor %}
        {%- endset -%}
        {%- do adapter.add_query(statement, abridge_sql_log=True) -%}
        {%- do statements.append(statement) -%}
    {%- endfor -%}
    {{ return(statements | first) }}
{% endmacro %}

{% macro spark_text_literal(value) -%}
    {%- if value is none -%} null
    {%- else -%} '{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}'
    {%- endif -%}
{%- endmacro %}
