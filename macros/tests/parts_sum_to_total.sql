{% test parts_sum_to_total(model, part, total, columns) %}
    {#- Groups of rows, alike in `columns`, whose parts do not add up to the total on each row
        of the group. -#}
    select
        sum({{ part }}) as sum_of_parts,
        min({{ total }}) as lowest_total,
        max({{ total }}) as highest_total
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        coalesce(sum({{ part }}), 0) <> coalesce(min({{ total }}), 0)
        or coalesce(sum({{ part }}), 0) <> coalesce(max({{ total }}), 0)
{% endtest %}
