{% test no_rows_where(model, condition, count_column=none) %}
    {#- Fails if the condition is true for any row. In a table of counts, `count_column` names the
        column to add up, so that the test reports delivered rows or values, not rows of that table. -#}
    {{ config(fail_calc='coalesce(sum(n_rows), 0)') }}
    select {{ count_column or 1 }} as n_rows
    from {{ model }}
    where {{ condition }}
{% endtest %}
