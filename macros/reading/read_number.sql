{% macro read_number(t) -%}
    {#- A number, to three decimals. Stata and SAS write .25 for 0.25. Letters are refused first,
        because engines differ in which texts with letters they read as a number ('inf', '1e3', '0x1F'). -#}
    {{ try_cast(
        "regexp_extract(" ~ cleaned(as_written(t)) ~ ", '^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)$', 0)", 'decimal(18, 3)'
    ) }}
{%- endmacro %}

{% macro read_integer(t) -%}
    {#- A whole number of up to nine digits. '3', '3.' and '3.0' are all 3. -#}
    {{ try_cast(
        "regexp_extract(" ~ cleaned(as_written(t)) ~ ", '^([-+]?[0-9]{1,9})([.]0*)?$', 1)", 'integer'
    ) }}
{%- endmacro %}
