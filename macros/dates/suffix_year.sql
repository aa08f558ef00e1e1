{% macro school_year_start(suffix_year, reading) -%}
    {#- The year in which the school year of a row starts: from the suffix of the column names (2012 for
        _ab12, the year in which it ends), else from the reading (alias) of the year column. -#}
    coalesce({{ suffix_year }} - 1, {{ reading }}.integer_value)
{%- endmacro %}

{% macro school_year_issue(suffix_year, reading) -%}
    {#- The issue of the year column, also where it contradicts the suffix of the column names. -#}
    case
        when {{ suffix_year }} - 1 <> {{ reading }}.integer_value
            then 'differs from the year in the column names'
        else {{ reading }}.issue
    end
{%- endmacro %}
