with rules as (
    select * from {{ ref('outcome_counting_rules') }}
),

outcomes as (
    select * from {{ ref('int_person_outcome') }}
    where is_justice_complete
),

justice as (
    select * from {{ ref('int_person_justice') }}
),

-- Most persons have no offence, and then every rule counts none.
without_offence as (
    select
        outcomes.highest_intervention_rank,
        count(*) as n_persons
    from outcomes
    where
        not exists (
            select 1 from justice
            where justice.pupil_id = outcomes.pupil_id
        )
    group by outcomes.highest_intervention_rank
),

-- An occasion without an age may belong to the ages or not, so nothing is known then.
with_offence as (
    select
        justice.counting_rule,
        outcomes.highest_intervention_rank,
        justice.n_convictions,
        justice.n_cautions,
        count(*) as n_persons
    from justice
    inner join outcomes on justice.pupil_id = outcomes.pupil_id
    where justice.n_occasions_age_unknown = 0
    group by
        justice.counting_rule,
        outcomes.highest_intervention_rank,
        justice.n_convictions,
        justice.n_cautions
),

counted as (
    select
        rules.counting_rule,
        without_offence.highest_intervention_rank,
        0 as n_convictions,
        0 as n_cautions,
        without_offence.n_persons
    from without_offence
    cross join rules
    union all
    select * from with_offence
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
