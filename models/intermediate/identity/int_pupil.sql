with population as (
    select * from {{ ref('stg_population') }}
),

moj_uids as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

-- A pupil of any dataset is a pupil: an extract may hold children whom the population
-- file lacks.
sightings as (
    select
        pupil_id,
        true as in_population,
        year_of_birth,
        month_of_birth,
        gender_code,
        ethnic_group_major_code
    from population
    {% for dataset in yearly_datasets() %}
    union all
    select distinct
        pupil_id,
        false as in_population,
        cast(null as integer) as year_of_birth,
        cast(null as integer) as month_of_birth,
        cast(null as string) as gender_code,
        cast(null as string) as ethnic_group_major_code
    from {{ ref('stg_' ~ dataset) }}
    {% endfor %}
),

-- Where the population file gives one pupil twice with other particulars, the larger
-- value is taken: arbitrary, but the same in every load.
pupils as (
    select
        pupil_id,
        bool_or(in_population) as in_population,
        max(year_of_birth) as year_of_birth,
        max(month_of_birth) as month_of_birth,
        max(gender_code) as gender_code,
        max(ethnic_group_major_code) as ethnic_group_major_code
    from sightings
    where pupil_id is not null
    group by pupil_id
),

final as (
    select
        pupils.pupil_id,
        moj_uids.moj_uid,
        coalesce(moj_uids.has_conflicting_moj_uid, false) as has_conflicting_moj_uid,
        pupils.in_population,
        pupils.year_of_birth,
        pupils.month_of_birth,
        pupils.gender_code,
        pupils.ethnic_group_major_code
    from pupils
    left join moj_uids on pupils.pupil_id = moj_uids.pupil_id
)

select * from final
