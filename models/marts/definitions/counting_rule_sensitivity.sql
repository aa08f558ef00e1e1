with rules as (
    select * from {{ ref('outcome_counting_rules') }}
),

counted as (
    select * from {{ ref('int_counting_rule_person') }}
),

-- Each combination appears, with 0 where nobody is in it.
levels as (
    {% for category in intervention_categories() %}
    select {{ loop.index0 }} as highest_intervention_rank
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

bands as (
    {% for band in convictions_bands() %}
    select {{ loop.index0 }} as band_rank
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

banded as (
    {% for outcome in ['convictions', 'cautions'] %}
    select
        counting_rule,
        highest_intervention_rank,
        '{{ outcome }}' as outcome,
        case when n_{{ outcome }} > 2 then 2 else n_{{ outcome }} end as band_rank,
        n_persons
    from counted
    union all
    select
        rules.counting_rule,
        levels.highest_intervention_rank,
        '{{ outcome }}' as outcome,
        bands.band_rank,
        0 as n_persons
    from rules
    cross join levels
    cross join bands
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (
    select
        counting_rule,
        highest_intervention_rank,
        outcome,
        band_rank,
        sum(n_persons) as n_persons
    from banded
    group by counting_rule, highest_intervention_rank, outcome, band_rank
),

with_total as (
    select
        *,
        sum(n_persons) over (
            partition by counting_rule, highest_intervention_rank, outcome
        ) as n_observed
    from summed
),

final as (
    select
        with_total.counting_rule,
        rules.label as counting_rule_label,
        {{ intervention_from_rank('with_total.highest_intervention_rank') }}
            as highest_intervention,
        cast(with_total.highest_intervention_rank as integer)
            as highest_intervention_rank,
        with_total.outcome,
        {{ from_rank('with_total.band_rank', convictions_bands()) }} as band,
        cast(with_total.band_rank as integer) as band_rank,
        cast(with_total.n_observed as bigint) as n_observed,
        -- Where nobody was observed nothing is known, which is not the same as 0.
        case
            when with_total.n_observed > 0 then cast(with_total.n_persons as bigint)
        end as n_persons,
        case
            when with_total.n_observed > 0
                then cast(with_total.n_persons as double) / with_total.n_observed
        end as share_of_persons,
        with_total.counting_rule = '{{ var("counting_rule") }}' as is_chosen
    from with_total
    inner join rules on with_total.counting_rule = rules.counting_rule
)

select * from final
