{% test row_count_equals(model, compare_model) %}
    {#- The two relations have the same number of rows. -#}
    with counted as (
        select
            (select count(*) from {{ model }}) as n_rows,
            (select count(*) from {{ compare_model }}) as n_rows_compared
    )

    select
        n_rows,
        n_rows_compared
    from counted
    where n_rows <> n_rows_compared
{% endtest %}
