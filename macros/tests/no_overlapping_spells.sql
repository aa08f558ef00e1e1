{% test no_overlapping_spells(
    model, start_column, end_column, partition_columns, min_gap_days=0
) %}
    {#- Spells (episodes, periods) that end before they start, or that start before every earlier
        spell of the same person is over. `min_gap_days` 0 lets a spell start on the day on which
        the one before ends; 1 asks for at least one day between the two. A spell without a start or
        an end cannot be judged and passes. -#}
    with spells as (
        select
            {{ start_column }} as start_date,
            {{ end_column }} as end_date,
            max({{ end_column }}) over (
                partition by {{ partition_columns | join(', ') }}
                order by {{ start_column }}, {{ end_column }}
                rows between unbounded preceding and 1 preceding
            ) as earlier_end_date
        from {{ model }}
        where {{ start_column }} is not null and {{ end_column }} is not null
    )

    select 1 as breach
    from spells
    where
        end_date < start_date
        or {{ days_between('earlier_end_date', 'start_date') }} < {{ min_gap_days }}
{% endtest %}
