{% macro counted(number, noun) -%}
    {{ number }} || ' {{ noun }}' || case when {{ number }} = 1 then '' else 's' end
{%- endmacro %}
