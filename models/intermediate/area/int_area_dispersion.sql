{%- set group = 'highest_intervention_rank, outcome, cohort' -%}
with expected as (
    select * from {{ ref('int_area_expected') }}
    where n_expected >= 10
),

-- 0 observed has no logarithm, so a half is used instead.
scored as (
    select
        *,
        sqrt(n_expected) * ln(greatest(n_observed, 5e-1) / n_expected) as z_score
    from expected
),

-- Equal scores share the mean of their ranks.
ranked as (
    select
        *,
        count(*) over (partition by {{ group }}) as n_areas,
        rank() over (partition by {{ group }} order by z_score)
        + (
            count(*) over (partition by {{ group }}, z_score) - 1
        ) / cast(2 as double) as z_rank
    from scored
),

-- The lowest and the highest tenth do not count: a few areas that really differ would
-- widen the limits of all areas.
trimmed as (
    select
        {{ group }},
        max(n_areas) as n_areas,
        count(*) as n_kept,
        -- Rounded, because the last digits of the sum depend on its order.
        {{ rounded('sum(z_score * z_score) / count(*)', 9) }} as phi,
        sum(n_expected) as weight,
        sum(n_expected * n_expected) as squared_weight
    from ranked
    where
        10 * z_rank >= n_areas + 1
        and 10 * z_rank < 9 * (n_areas + 1)
    group by {{ group }}
),

final as (
    select
        {{ group }},
        n_areas,
        phi,
        case
            when n_kept > 1
                then {{ rounded(
                    'greatest(0, (n_kept * phi - (n_kept - 1))'
                    ~ ' / (weight - squared_weight / weight))',
                    9
                ) }}
        end as tau_squared
    from trimmed
)

select * from final
