with sightings as (
    {% for dataset in datasets() %}
    select distinct
        pupil_id,
        moj_uid
    from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null and moj_uid is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

population as (
    select * from {{ ref('stg_population') }}
    where pupil_id is not null
),

pupils as (
    select
        pupil_id,
        count(*) as n_moj_uids
    from sightings
    group by pupil_id
),

moj_uids as (
    select
        moj_uid,
        count(*) as n_pupils
    from sightings
    group by moj_uid
),

particulars as (
    select
        pupil_id,
        {{ is_disputed('year_of_birth') }} as is_year_of_birth_disputed,
        {{ is_disputed('gender_code') }} as is_gender_disputed
    from population
    group by pupil_id
),

final as (
    select
        'pupil with more than one MoJ identifier' as kind_of_conflict,
        count(case when n_moj_uids > 1 then 1 end) as n_found,
        count(*) as n_looked_at
    from pupils
    union all
    select
        'MoJ identifier with more than one pupil' as kind_of_conflict,
        count(case when n_pupils > 1 then 1 end) as n_found,
        count(*) as n_looked_at
    from moj_uids
    union all
    select
        'pupil with more than one year of birth' as kind_of_conflict,
        count(case when is_year_of_birth_disputed then 1 end) as n_found,
        count(*) as n_looked_at
    from particulars
    union all
    select
        'pupil with more than one gender' as kind_of_conflict,
        count(case when is_gender_disputed then 1 end) as n_found,
        count(*) as n_looked_at
    from particulars
)

select * from final
