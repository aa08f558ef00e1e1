{% macro split_rows(text, separator) %}
    {#- In a select list: a row for each part of the text between separators. -#}
    {{ return(adapter.dispatch('split_rows', 'social_care_warehouse')(text, separator)) }}
{% endmacro %}

{% macro default__split_rows(text, separator) -%}
    unnest(string_split({{ text }}, '{{ separator }}'))
{%- endmacro %}

{% macro spark__split_rows(text, separator) -%}
    explode(split({{ text }}, '[{{ separator }}]'))
{%- endmacro %}
