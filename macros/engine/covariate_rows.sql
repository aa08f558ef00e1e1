{% macro covariate_rows(path) %}
    {#- A query: the rows of a comma text with the columns new_la_code, year, measure and value, all as
        text. Its first line, the header, is among them. Lines with other columns are left out, because
        the error of the engine would show them: own_covariates stops where a line is left out. -#}
    {{ return(adapter.dispatch('covariate_rows', 'social_care_warehouse')(path)) }}
{% endmacro %}

{% macro default__covariate_rows(path) -%}
    select * from {{ text_file(path, ['new_la_code', 'year', 'measure', 'value'], 'utf-8') }}
{%- endmacro %}

{% macro spark__covariate_rows(path) -%}
    select
        _c0 as new_la_code,
        _c1 as year,
        _c2 as measure,
        _c3 as value
    from csv.`{{ path }}`
{%- endmacro %}
