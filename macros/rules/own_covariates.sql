{% macro own_covariates() %}
    {#- The file of WAREHOUSE_AREA_COVARIATES, or nothing where it is not set. A file with another header
        stops the build, because its columns would be taken for others. What the file holds is not
        shown: it can be the wrong one. -#}
    {#- sqlfluff has no env_var. -#}
    {%- set path = env_var('WAREHOUSE_AREA_COVARIATES', '') if env_var is defined else '' -%}
    {%- set columns = ['new_la_code', 'year', 'measure', 'value'] -%}
    {%- if path and execute -%}
        {%- set header -%}
            select count(*) as n_headers
            from ({{ covariate_rows(path) }}) as delivered
            where
                {%- for column in columns %}
                lower(trim({{ column }})) = '{{ column }}'{% if not loop.last %} and{% endif %}
                {%- endfor %}
        {%- endset -%}
        {%- if run_query(header).rows[0][0] == 0 -%}
            {{ exceptions.raise_compiler_error(
                'WAREHOUSE_AREA_COVARIATES: ' ~ path ~ ' has no header ' ~ columns | join(',')
                ~ '. Write these four columns in this order, separated by commas, and build again.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(path) }}
{% endmacro %}
