{% test expression_is_true(model, expression) %}
    {#- Rows of which the expression is not true. NULL is not true: write the expression so that it
        says what a NULL means. -#}
    select 1 as breach
    from {{ model }}
    where not coalesce({{ expression }}, false)
{% endtest %}
