{%- set quantile = normal_quantiles()['95'] -%}
with cohort_groups as (
    select * from {{ ref('cohort_group') }}
),

by_cohort as (
    select
        local_authority_code,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        cast(sum(n_with_outcome) as double) as n_with,
        cast(sum(n_observed - n_with_outcome) as double) as n_without
    from {{ ref('int_area_count') }}
    group by local_authority_code, highest_intervention_rank, birth_cohort, outcome
),

-- Compares children of a level with those without social care, by area and cohort.
compared as (
    select
        contacted.local_authority_code,
        contacted.highest_intervention_rank,
        contacted.birth_cohort,
        contacted.outcome,
        contacted.n_with,
        contacted.n_without,
        baseline.n_with as n_with_of_others,
        baseline.n_without as n_without_of_others,
        contacted.n_with * baseline.n_without as with_first,
        contacted.n_without * baseline.n_with as with_second,
        contacted.n_with + baseline.n_without as n_with_first,
        contacted.n_without + baseline.n_with as n_with_second,
        contacted.n_with
        + contacted.n_without
        + baseline.n_with
        + baseline.n_without as n_children
    from by_cohort as contacted
    inner join by_cohort as baseline
        on
            contacted.local_authority_code = baseline.local_authority_code
            and contacted.birth_cohort = baseline.birth_cohort
            and contacted.outcome = baseline.outcome
    where
        contacted.highest_intervention_rank > 0
        and baseline.highest_intervention_rank = 0
        and contacted.n_with + contacted.n_without > 0
        and baseline.n_with + baseline.n_without > 0
),

in_groups as (
    {{ in_cohort_groups('compared', 'cohort_groups') }}
),

-- The sums of Mantel and Haenszel, and the variance of Robins, Breslow and Greenland.
summed as (
    select
        local_authority_code,
        highest_intervention_rank,
        outcome,
        cohort,
        sum(with_first / n_children) as r,
        sum(with_second / n_children) as s,
        sum(n_with_first * with_first / (n_children * n_children)) as pr,
        sum(
            (n_with_first * with_second + n_with_second * with_first)
            / (n_children * n_children)
        ) as ps_qr,
        sum(n_with_second * with_second / (n_children * n_children)) as qs,
        sum(n_with) + 0.5 as n_with,
        sum(n_without) + 0.5 as n_without,
        sum(n_with_of_others) + 0.5 as n_with_of_others,
        sum(n_without_of_others) + 0.5 as n_without_of_others
    from in_groups
    group by local_authority_code, highest_intervention_rank, outcome, cohort
),

-- Where nobody or everybody of one group has the outcome, the ratio is 0 or infinite:
-- then a half is added to each of the four sums over the cohorts. Where nobody or
-- everybody of both groups has it, nothing is known of the ratio.
estimated as (
    select
        *,
        case
            when r > 0 and s > 0 then ln(r / s)
            else ln(n_with * n_without_of_others / (n_without * n_with_of_others))
        end as log_odds_ratio,
        case
            when r > 0 and s > 0
                then sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s))
            else sqrt(
                1 / n_with
                + 1 / n_without
                + 1 / n_with_of_others
                + 1 / n_without_of_others
            )
        end as standard_error
    from summed
    where r > 0 or s > 0
),

final as (
    select
        local_authority_code,
        highest_intervention_rank,
        outcome,
        cohort,
        {{ rounded('exp(log_odds_ratio)', 9) }} as odds_ratio_within,
        {{ rounded('exp(log_odds_ratio - ' ~ quantile ~ ' * standard_error)', 9) }}
            as odds_ratio_within_lower_95,
        {{ rounded('exp(log_odds_ratio + ' ~ quantile ~ ' * standard_error)', 9) }}
            as odds_ratio_within_upper_95
    from estimated
)

select * from final
