{% test rows_per_group(model, columns, n_rows) %}
    {#- Groups of rows, alike in these columns, of more or fewer than `n_rows` rows. -#}
    select count(*) as n_rows
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) <> {{ n_rows }}
{% endtest %}
