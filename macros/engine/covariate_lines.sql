{% macro covariate_lines(path) %}
    {#- A query: every line of a text, whole. -#}
    {{ return(adapter.dispatch('covariate_lines', 'social_care_warehouse')(path)) }}
{% endmacro %}

{% macro default__covariate_lines(path) -%}
    {#- In Latin-1 every byte is a character, so no line is left out. -#}
    select * from {{ text_file(path, ['line'], 'latin-1') }}
{%- endmacro %}

{% macro spark__covariate_lines(path) -%}
    select value as line from text.`{{ path | replace("`", "``") }}`
{%- endmacro %}
