{%- set quantile = normal_quantiles()['95'] -%}
with cohort_groups as (
    select * from {{ ref('cohort_group') }}
),

strata as (
    select * from {{ ref('int_area_stratum') }}
),

-- A pair of one child of the level and one without contact speaks for a higher risk of
-- the level where only the first has the outcome, and against it where only the second.
paired as (
    select
        *,
        n_with * n_without_of_others as pairs_for,
        n_without * n_with_of_others as pairs_against,
        n_with + n_without_of_others as n_for,
        n_without + n_with_of_others as n_against,
        n_with + n_without + n_with_of_others + n_without_of_others as n_children
    from strata
),

in_groups as (
    {{ in_cohort_groups('paired', 'cohort_groups') }}
),

-- The sums of Mantel and Haenszel, and the variance of Robins, Breslow and Greenland.
summed as (
    select
        local_authority_code,
        highest_intervention_rank,
        outcome,
        cohort,
        sum(pairs_for / n_children) as sum_for,
        sum(pairs_against / n_children) as sum_against,
        sum(n_for * pairs_for / (n_children * n_children)) as weighted_for,
        sum(
            (n_for * pairs_against + n_against * pairs_for) / (n_children * n_children)
        ) as weighted_both,
        sum(n_against * pairs_against / (n_children * n_children))
            as weighted_against,
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
            when sum_for > 0 and sum_against > 0 then ln(sum_for / sum_against)
            else ln(n_with * n_without_of_others / (n_without * n_with_of_others))
        end as log_odds_ratio,
        case
            when sum_for > 0 and sum_against > 0
                then
                    sqrt(
                        weighted_for / (2 * sum_for * sum_for)
                        + weighted_both / (2 * sum_for * sum_against)
                        + weighted_against / (2 * sum_against * sum_against)
                    )
            else sqrt(
                1 / n_with
                + 1 / n_without
                + 1 / n_with_of_others
                + 1 / n_without_of_others
            )
        end as standard_error
    from summed
    where sum_for > 0 or sum_against > 0
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
