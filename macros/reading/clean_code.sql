{% macro clean_code(text) -%}
    {#- A code as the code lists write it: upper case, no spaces inside. Takes text whose blanks are
        NULL already. -#}
    upper(replace({{ text }}, ' ', ''))
{%- endmacro %}
