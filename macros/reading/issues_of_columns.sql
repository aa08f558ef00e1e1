{% macro issues_of_columns(relation, academic_year, columns) -%}
    {#- A row for each row of a staging relation and each of `columns` whose text staging could not use
        as delivered. `academic_year` is the expression for the year of a row. -#}
    {%- for column in columns %}
    select
        _source_file,
        _source_row,
        {{ academic_year }} as academic_year,
        '{{ column }}' as column_name,
        {{ column }}_issue as issue
    from {{ relation }}
    where {{ column }}_issue is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
