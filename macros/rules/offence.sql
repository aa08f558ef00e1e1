{% macro leading_number(text) -%}
    {#- The number of one or two digits with which a text begins, with two digits: `04` for `04 Theft`,
        `4: Theft` and `4`. NULL for any other text. -#}
    {%- set pattern = '0*([0-9]{1,2})([^0-9].*)?' -%}
    case
        when {{ matches(text, pattern) }}
            then lpad({{ rewritten(text, [('^' ~ pattern ~ '$', '$1')]) }}, 2, '0')
    end
{%- endmacro %}
