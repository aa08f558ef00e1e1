{% macro joined_spells(spells, partition_by, start_date, end_date, tie_break, max_gap_days=0) %}
    {#- CTEs that join spells which overlap, touch, or are at most max_gap_days apart. `spells` names
        a CTE; of its columns, partition_by (a list) says whose spells they are, and tie_break makes
        the order complete. Gives the CTE `numbered`: the spells with spell_number, the same for
        spells that belong together, from 1 in order of time. The start date is part of a spell, the
        end date is not: a spell that ends on the day on which the next starts touches it, with a
        gap of 0 days. -#}
    -- Spells can lie within one another, so the end reached so far, not the end of the
    -- spell before, tells whether there was a gap.
    reached as (
        select
            *,
            max({{ end_date }}) over (
                partition by {{ partition_by | join(', ') }}
                order by {{ start_date }}, {{ end_date }}, {{ tie_break }}
                rows between unbounded preceding and 1 preceding
            ) as reached_until
        from {{ spells }}
    ),

    numbered as (
        select
            *,
            cast(sum(
                case
                    when
                        {{ days_between('reached_until', start_date) }} <= {{ max_gap_days }}
                        then 0
                    else 1
                end
            ) over (
                partition by {{ partition_by | join(', ') }}
                order by {{ start_date }}, {{ end_date }}, {{ tie_break }}
                rows between unbounded preceding and current row
            ) as integer) as spell_number
        from reached
    )
{% endmacro %}
