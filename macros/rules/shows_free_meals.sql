{% macro shows_free_meals(census) -%}
    {#- Whether a census row (alias) shows free meals, now or before. One yes of its four columns is enough.
        Without a yes one no makes it no, and NULL means that all four are blank. -#}
    {%- set columns = [
        'is_free_meals', 'is_free_meals_6_years', 'is_free_meals_6_years_premium', 'is_ever_free_meals',
    ] -%}
    {%- set names = [] -%}
    {%- for column in columns -%} {%- do names.append(census ~ '.' ~ column) -%} {%- endfor -%}
    coalesce({{ names | join(' or ') }}, {{ names | join(', ') }})
{%- endmacro %}
