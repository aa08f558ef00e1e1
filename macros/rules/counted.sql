{% macro counted(number, noun) -%}
    {#- '1 row', '2 rows': a number with its noun, for sentences that people read. -#}
    {{ number }} || ' {{ noun }}' || case when {{ number }} = 1 then '' else 's' end
{%- endmacro %}
