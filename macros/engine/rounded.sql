{% macro rounded(expression, digits) -%}
    {#- A number with that many digits after the point, the same on every engine. With two arguments,
        `round` gives other numbers on DuckDB and on Spark for a 5 after the last digit, and on DuckDB -0
        for a small negative number. Adding 0 makes -0 to 0. -#}
    round(({{ expression }}) * 1e{{ digits }}) / 1e{{ digits }} + 0
{%- endmacro %}
