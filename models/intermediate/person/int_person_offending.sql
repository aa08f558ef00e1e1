{{ config(materialized='view') }}
with pupils as (
    select * from {{ without_catalog(ref('int_person_follow_up')) }}
),

justice as (
    select * from {{ without_catalog(ref('int_person_justice')) }}
    where counting_rule = '{{ var("counting_rule") }}'
),

-- None is known only inside the observed window, and not where an occasion has no age.
joined as (
    select
        pupils.*,
        justice.pupil_id is not null as has_offending,
        justice.n_convictions as n_convictions_recorded,
        justice.n_cautions as n_cautions_recorded,
        justice.highest_disposal_rank as highest_recorded_rank,
        justice.first_offence_date,
        justice.first_offence_age,
        justice.first_conviction_date,
        justice.first_disposal_date,
        pupils.is_justice_observed
        and coalesce(justice.n_occasions_age_unknown, 0) = 0 as is_none_known
    from pupils
    left join justice on pupils.pupil_id = justice.pupil_id
),

final as (
    select
        pupil_id,
        moj_uid,
        birth_cohort,
        gender_code,
        ethnic_group_major_code,
        has_offending,
        first_offence_date,
        first_offence_age,
        first_conviction_date,
        first_disposal_date,
        justice_observed_to_age,
        is_justice_observed,
        is_justice_10_17_complete,
        is_justice_complete,
        case
            when n_convictions_recorded > 0 then n_convictions_recorded
            when is_none_known then 0
        end as n_convictions,
        case
            when n_cautions_recorded > 0 then n_cautions_recorded
            when is_none_known then 0
        end as n_cautions,
        case
            when highest_recorded_rank is not null then highest_recorded_rank
            when n_convictions_recorded + n_cautions_recorded > 0 then null
            when is_none_known then 0
        end as highest_disposal_rank
    from joined
)

select * from final
