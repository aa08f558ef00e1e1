{% test unique_combination(model, columns) %}
    {#- The grain: no two rows have the same values in all of these columns. NULL counts as a value
        like any other, so two rows without one are also a breach. -#}
    select count(*) as n_rows
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
