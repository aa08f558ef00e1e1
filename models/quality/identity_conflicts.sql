with pupils as (
    select * from {{ ref('int_pupil') }}
),

pupils_with_moj_uid as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

identifiers_of_rows as (
    select distinct
        pupil_id,
        moj_uid
    from {{ ref('int_pupil_row') }}
    where moj_uid is not null
),

moj_uids as (
    select
        moj_uid,
        count(*) as n_pupils
    from identifiers_of_rows
    group by moj_uid
),

final as (
    select
        'pupil with more than one MoJ identifier' as conflict_type,
        count(*) filter (where has_conflicting_moj_uid) as n_found,
        count(*) as n_checked
    from pupils_with_moj_uid
    union all
    select
        'MoJ identifier with more than one pupil' as conflict_type,
        count(*) filter (where n_pupils > 1) as n_found,
        count(*) as n_checked
    from moj_uids
    union all
    select
        'pupil with more than one birth' as conflict_type,
        count(*) filter (where is_birth_disputed) as n_found,
        count(*) as n_checked
    from pupils
    where in_population
    union all
    select
        'pupil with more than one gender' as conflict_type,
        count(*) filter (where is_gender_disputed) as n_found,
        count(*) as n_checked
    from pupils
    where in_population
)

select * from final
