{% macro joined_spells(
    spells, partition_by, start_date, end_date, tie_break, max_gap_days=0, break_date='null'
) -%}
    {#- A relation to select from: the rows of the CTE `spells` with spell_number, the same for spells
        that overlap, touch, or are at most max_gap_days apart, from 1 in order of time. partition_by
        (a list) names whose spells they are, tie_break makes the order complete. A spell that ends on
        the day on which the next starts touches it, with a gap of 0 days. A break_date between the
        two keeps them apart, whatever gap is allowed. -#}
    (
    select
        *,
        cast(sum(
            case
                when {{ break_date }} >= reached_until and {{ break_date }} < {{ start_date }} then 1
                when {{ days_between('reached_until', start_date) }} <= {{ max_gap_days }} then 0
                else 1
            end
        ) over (
            partition by {{ partition_by | join(', ') }}
            order by {{ start_date }}, {{ end_date }}, {{ tie_break }}
            rows between unbounded preceding and current row
        ) as integer) as spell_number
    from (
        select
            *,
            -- Spells can lie within one another, so the end reached so far, not the end of
            -- the spell before, decides whether there was a gap.
            max({{ end_date }}) over (
                partition by {{ partition_by | join(', ') }}
                order by {{ start_date }}, {{ end_date }}, {{ tie_break }}
                rows between unbounded preceding and 1 preceding
            ) as reached_until
        from {{ spells }}
    ) as reached
    )
{%- endmacro %}
