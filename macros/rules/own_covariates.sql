{% macro own_covariates() %}
    {#- The file of WAREHOUSE_AREA_COVARIATES, or nothing where it is not set. A file with another header,
        or a line with another number of columns, stops the build, because its values would be read into
        the wrong columns. The message shows nothing of the file: it can be one with persons' data. -#}
    {#- sqlfluff has no env_var. -#}
    {%- set path = env_var('WAREHOUSE_AREA_COVARIATES', '') if env_var is defined else '' -%}
    {%- set columns = ['new_la_code', 'year', 'measure', 'value'] -%}
    {%- if path and execute -%}
        {%- set counted -%}
            select
                count(*) as n_rows,
                count(*) filter (
                    where
                    {%- for column in columns %}
                    lower(trim({{ column }})) = '{{ column }}'{% if not loop.last %} and{% endif %}
                    {%- endfor %}
                ) as n_headers,
                (
                    select count(*) from ({{ covariate_lines(path) }}) as lines
                    where trim(line) <> ''
                ) as n_lines
            from ({{ covariate_rows(path) }}) as delivered
        {%- endset -%}
        {%- set found = run_query(counted).rows[0] -%}
        {%- set problem -%}
            {%- if found[1] == 0 -%} has no header {{ columns | join(',') }}
            {%- elif found[0] != found[2] -%} has lines with other than {{ columns | length }} columns
            {%- endif -%}
        {%- endset -%}
        {%- if problem -%}
            {{ exceptions.raise_compiler_error(
                'WAREHOUSE_AREA_COVARIATES: ' ~ path ~ ' ' ~ problem | trim
                ~ '. Write these four columns in this order, separated by commas: '
                ~ columns | join(',') ~ '. Then build again.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(path) }}
{% endmacro %}
