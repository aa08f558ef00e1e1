{% macro is_too_early(date, reporting_year, years) -%}
    {#- Whether a date lies that many years or more before the end of the reporting year of its row.
        NULL where either is not known. Compares years, because that is much faster than making dates. -#}
    {{ reporting_year_of(date) }} <= {{ reporting_year }} - {{ years }}
{%- endmacro %}

{% macro date_unless(is_wrong, reading) -%}
    {#- The date of a reading (alias), or NULL under the condition. -#}
    case when {{ is_wrong }} then null else {{ reading }}.date_value end
{%- endmacro %}

{% macro issue_unless(is_wrong, reading) -%}
    {#- The issue of a reading (alias), or that of a date removed by date_unless. -#}
    case when {{ is_wrong }} then 'outside the plausible range' else {{ reading }}.issue end
{%- endmacro %}
