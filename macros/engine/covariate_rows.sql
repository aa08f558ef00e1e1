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
    {#- Read as lines, because a query of the file itself as CSV has no options: a doubled quote would not
        be one quote. Some programs write a mark, U+FEFF, before the header. -#}
    select
        delivered.new_la_code,
        delivered.year,
        delivered.measure,
        delivered.value
    from (
        select
            from_csv(
                replace(value, '{{ "\ufeff" }}', ''),
                'new_la_code string, year string, measure string, value string, unread string',
                map('quote', '"', 'escape', '"', 'columnNameOfCorruptRecord', 'unread')
            ) as delivered
        from text.`{{ path | replace("`", "``") }}`
        where trim(value) <> ''
    ) as parsed
    where delivered.unread is null
{%- endmacro %}
