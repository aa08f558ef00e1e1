{% macro ks4_row_rule() %}
    {#- The variable ks4_row_rule, or an error that names the two values that it can have. -#}
    {%- set rules = ['end of ks4', 'maximum'] -%}
    {%- set rule = var('ks4_row_rule') -%}
    {%- if rule not in rules -%}
        {{ exceptions.raise_compiler_error(
            "Unknown value of the variable ks4_row_rule. Choose one of: " ~ rules | join(', ') ~ "."
        ) }}
    {%- endif -%}
    {{ return(rule) }}
{% endmacro %}
