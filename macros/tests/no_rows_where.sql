{% test no_rows_where(model, condition, count_column=none) %}
    {#- Rows of which the condition is true. Where the rows are counts themselves, `count_column`
        names the column to add up, so that the test reports delivered rows or values, not lines of
        a table of counts. -#}
    {{ config(fail_calc='coalesce(sum(n_rows), 0)') }}
    select {{ count_column or 1 }} as n_rows
    from {{ model }}
    where {{ condition }}
{% endtest %}
