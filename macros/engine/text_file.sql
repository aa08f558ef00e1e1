{% macro text_file(path, columns, encoding) -%}
    {#- Reads a comma-separated file with DuckDB, every column as text. Every setting is given, so that a
        change of a default cannot change what is read. A file with one column is read line by line. The
        loader has the same settings in text_settings.sql, with two differences: there a line that does
        not fit is an error, and an empty cell is not NULL, because the loader handles both itself. -#}
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
