{%- set quantiles = normal_quantiles() -%}
{#- Every person has a row for each outcome, so one outcome counts each person once.
    Limits are rounded, because floating point gives 99.99999999999999 for everybody. -#}
with counts as (
    select * from {{ ref('int_area_count') }}
    where outcome = 'convicted'
),

cohort_groups as (
    select * from {{ ref('cohort_group') }}
),

areas as (
    select
        local_authority_code,
        la_name,
        region_name
    from {{ ref('int_area_authority') }}
    where authority_code = local_authority_code
),

in_groups as (
    {{ in_cohort_groups('counts', 'cohort_groups') }}
),

summed as (
    select
        local_authority_code,
        cohort,
        {% for name, rank in [
            ('referred', 1), ('in_need', 2), ('on_plan', 3), ('looked_after', 4)
        ] %}
        cast(sum(
            case when highest_intervention_rank >= {{ rank }} then n_persons else 0 end
        ) as bigint) as n_{{ name }},
        {% endfor %}
        cast(sum(n_persons) as bigint) as n_persons
    from in_groups
    group by local_authority_code, cohort
),

overall as (
    select
        cohort,
        cast(sum(n_referred) as double) / sum(n_persons) as share_referred,
        cast(sum(n_in_need) as double) / sum(n_referred) as share_in_need
    from summed
    group by cohort
),

final as (
    select
        {{ hash_key(['summed.local_authority_code', 'summed.cohort']) }}
            as area_referral_threshold_id,
        summed.local_authority_code,
        areas.la_name,
        areas.region_name,
        summed.cohort,
        summed.n_persons,
        summed.n_referred,
        summed.n_in_need,
        summed.n_on_plan,
        summed.n_looked_after,
        100 * cast(summed.n_referred as double) / summed.n_persons as percent_referred,
        {% for ending, side in [
            ('95', 'lower'), ('95', 'upper'), ('998', 'lower'), ('998', 'upper')
        ] %}
        {{ rounded('100 * ' ~ wilson_limit(
            'summed.n_referred', 'summed.n_persons', side, quantiles[ending]
        ), 10) }} as percent_referred_{{ side }}_{{ ending }},
        {% endfor %}
        100 * overall.share_referred as percent_referred_overall,
        100 * cast(summed.n_in_need as double) / nullif(summed.n_referred, 0)
            as percent_of_referred_in_need,
        100 * overall.share_in_need as percent_in_need_overall
    from summed
    inner join overall on summed.cohort = overall.cohort
    left join areas on summed.local_authority_code = areas.local_authority_code
)

select * from final
