{% macro text_file(path, columns, encoding) -%}
    {#- DuckDB's reader of a comma text with these columns, all of them text, and every setting stated, so
        that no default changes what is read. A text of one column is read line by line. The loader has the
        same settings in text_settings.sql. Only there are lines that do not fit an error, and an empty cell
        is no NULL: the loader handles both itself. -#}
    {%- set has_columns = columns | length > 1 -%}
    {%- set quote = '"' if has_columns -%}
    read_csv(
        '{{ path | replace("'", "''") }}',
        columns = {
            {%- for column in columns %}
            '{{ column }}': 'varchar'{% if not loop.last %},{% endif %}
            {%- endfor %}
        },
        delim = {{ "','" if has_columns else 'chr(1)' }},
        quote = '{{ quote }}',
        escape = '{{ quote }}',
        comment = '',
        header = false,
        skip = 0,
        nullstr = '',
        compression = 'none',
        encoding = '{{ encoding }}',
        max_line_size = 2000000,
        auto_detect = false,
        strict_mode = true,
        null_padding = false,
        ignore_errors = true,
        store_rejects = false,
        normalize_names = false,
        allow_quoted_nulls = false,
        filename = false,
        hive_partitioning = false,
        union_by_name = false
    )
{%- endmacro %}
