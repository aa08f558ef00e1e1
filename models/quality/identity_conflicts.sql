with pupils as (
    select * from {{ ref('int_pupil') }}
),

pupils_with_moj_uid as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

sightings as (
    {% for dataset in datasets() %}
    select distinct
        pupil_id,
        moj_uid
    from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null and moj_uid is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

moj_uids as (
    select
        moj_uid,
        count(*) as n_pupils
    from sightings
    group by moj_uid
),

final as (
    select
        'pupil with more than one MoJ identifier' as conflict_type,
        count(case when has_conflicting_moj_uid then 1 end) as n_found,
        count(*) as n_checked
    from pupils_with_moj_uid
    union all
    select
        'MoJ identifier with more than one pupil' as conflict_type,
        count(case when n_pupils > 1 then 1 end) as n_found,
        count(*) as n_checked
    from moj_uids
    union all
    select
        'pupil with more than one birth' as conflict_type,
        count(case when is_birth_disputed then 1 end) as n_found,
        count(*) as n_checked
    from pupils
    where in_population
    union all
    select
        'pupil with more than one gender' as conflict_type,
        count(case when is_gender_disputed then 1 end) as n_found,
        count(*) as n_checked
    from pupils
    where in_population
)

select * from final
