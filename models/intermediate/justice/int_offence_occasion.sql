with offences as (
    select * from {{ ref('int_offence') }}
),

severities as (
    select
        severity,
        severity_rank
    from {{ ref('severity') }}
),

-- A case with a conviction is a conviction, whatever cautions it also holds.
occasions as (
    select
        occasion_id,
        max(pupil_id) as pupil_id,
        max(moj_uid) as moj_uid,
        max(case_id) as case_id,
        max(link_type) as link_type,
        -- An offence without a date that was at a lower age came first.
        case
            when
                not coalesce(
                    min(offence_age) filter (where offence_date is null)
                    < min(offence_age) filter (where offence_date is not null),
                    false
                )
                then min(offence_date)
        end as first_offence_date,
        min(offence_age) as offence_age,
        bool_or(is_conviction) as is_conviction,
        coalesce(
            min(conviction_date) filter (where is_conviction), min(conviction_date)
        ) as conviction_date,
        coalesce(
            max(severity_rank) filter (where is_conviction),
            case when not bool_or(is_conviction) then 1 end
        ) as severity_rank,
        coalesce(
            bool_and(is_severity_assumed) filter (where is_conviction), false
        ) as is_severity_assumed,
        -- The group of the main offence, else of the most severe one.
        substr(min(
            case when is_primary then '0' else '1' end
            || cast(9 - coalesce(severity_rank, 0) as string)
            || offence_group_code
        ), 3) as offence_group_code,
        cast(count(*) as integer) as n_offences
    from offences
    group by occasion_id
),

final as (
    select
        occasions.occasion_id,
        occasions.pupil_id,
        occasions.moj_uid,
        occasions.case_id,
        occasions.link_type,
        occasions.first_offence_date,
        occasions.offence_age,
        occasions.conviction_date,
        case
            when occasions.is_conviction then 'conviction' else 'caution'
        end as outcome,
        severities.severity,
        occasions.severity_rank,
        occasions.is_severity_assumed,
        occasions.offence_group_code,
        occasions.n_offences
    from occasions
    left join severities on occasions.severity_rank = severities.severity_rank
)

select * from final
