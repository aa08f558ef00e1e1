{% test in_order(model, columns, strictly=false) %}
    {#- Rows in which one of these columns comes before the column that the list names before it.
        With `strictly`, equal values are a breach as well. NULL is in order with everything. -#}
    {%- set breaches = [] -%}
    {%- for column in columns[1:] -%}
        {%- do breaches.append(column ~ (" <= " if strictly else " < ") ~ columns[loop.index0]) -%}
    {%- endfor %}
    select 1 as breach
    from {{ model }}
    where
        {{ breaches | join('\n        or ') }}
{% endtest %}
