with occasions as (
    select * from {{ ref('int_offence_occasion') }}
    where pupil_id is not null
),

offence_groups as (
    select * from {{ ref('pnc_offence_group') }}
),

final as (
    select
        occasions.occasion_id,
        occasions.pupil_id,
        occasions.first_offence_date,
        occasions.offence_age,
        occasions.conviction_date,
        occasions.outcome,
        occasions.severity,
        occasions.severity_rank,
        occasions.is_severity_assumed,
        occasions.offence_group_code,
        offence_groups.label as offence_group_label,
        occasions.n_offences,
        occasions.link_type
    from occasions
    left join offence_groups on occasions.offence_group_code = offence_groups.code
)

select * from final
