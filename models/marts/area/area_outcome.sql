with expected as (
    select * from {{ ref('int_area_expected') }}
),

funnels as (
    select * from {{ ref('int_area_funnel') }}
),

ratios as (
    select * from {{ ref('int_area_odds_ratio') }}
),

measures as (
    select * from {{ ref('outcome_measures') }}
),

areas as (
    select
        local_authority_code,
        la_name,
        region_name
    from {{ ref('int_area_authority') }}
    where authority_code = local_authority_code
),

final as (
    select
        {{ hash_key([
            'expected.local_authority_code',
            'expected.highest_intervention_rank',
            'expected.outcome',
            'expected.cohort',
        ]) }} as area_outcome_id,
        expected.local_authority_code,
        areas.la_name,
        areas.region_name,
        {{ intervention_from_rank('expected.highest_intervention_rank') }}
            as highest_intervention,
        expected.highest_intervention_rank,
        expected.outcome,
        measures.label as outcome_label,
        expected.cohort,
        expected.n_persons,
        expected.n_known,
        expected.n_observed,
        expected.n_expected,
        funnels.ratio,
        funnels.ratio_lower_95,
        funnels.ratio_upper_95,
        funnels.ratio_lower_998,
        funnels.ratio_upper_998,
        case
            when expected.n_expected is null then null
            when funnels.is_comparable then funnels.funnel_class
            else 'too few to compare'
        end as funnel_class,
        funnels.phi,
        funnels.tau_squared,
        funnels.funnel_lower_95,
        funnels.funnel_upper_95,
        funnels.funnel_lower_998,
        funnels.funnel_upper_998,
        case
            when expected.n_expected is null then null
            when funnels.is_comparable then funnels.funnel_class_adjusted
            else 'too few to compare'
        end as funnel_class_adjusted,
        funnels.shrunken_ratio,
        ratios.odds_ratio_within,
        ratios.odds_ratio_within_lower_95,
        ratios.odds_ratio_within_upper_95
    from expected
    inner join measures on expected.outcome = measures.outcome
    left join areas on expected.local_authority_code = areas.local_authority_code
    {% for part in ['funnels', 'ratios'] %}
    left join {{ part }}
        on
            expected.local_authority_code = {{ part }}.local_authority_code
            and {{ part }}.highest_intervention_rank
            = expected.highest_intervention_rank
            and expected.outcome = {{ part }}.outcome
            and expected.cohort = {{ part }}.cohort
    {% endfor %}
)

select * from final
