with offence_rows as (
    select * from {{ ref('int_offence_row') }}
    where reason_excluded is null
),

-- An offence has a row for each of its disposals, with the same findings on all. If the
-- rows give two groups, the first in alphabetical order is taken.
final as (
    select
        offence_id,
        occasion_id,
        max(pupil_id) as pupil_id,
        max(moj_uid) as moj_uid,
        max(case_id) as case_id,
        max(link_type) as link_type,
        min(offence_date) as offence_date,
        max(offence_age) as offence_age,
        min(conviction_date) as conviction_date,
        bool_or(is_primary) as is_primary,
        min(offence_group_code) as offence_group_code,
        bool_or(is_proven) as is_proven,
        bool_or(is_conviction) as is_conviction,
        max(severity_rank) as severity_rank,
        bool_or(is_severity_assumed) as is_severity_assumed,
        cast(count(*) as integer) as n_rows
    from offence_rows
    group by offence_id, occasion_id
)

select * from final
