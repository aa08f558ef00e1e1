{% macro absence_half_terms() %}
    {#- The variable absence_half_terms, or an error that names the two values that it can have. -#}
    {%- set half_terms = var('absence_half_terms') | string -%}
    {%- if half_terms not in ['5', '6'] -%}
        {{ exceptions.raise_compiler_error(
            "Unknown value of the variable absence_half_terms. Choose one of: 5, 6."
        ) }}
    {%- endif -%}
    {{ return(half_terms | int) }}
{% endmacro %}
