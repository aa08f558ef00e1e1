with population as (
    select * from {{ ref('stg_population') }}
    where pupil_id is not null
),

moj_uids as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

-- Where the population file gives one pupil twice with other particulars, the larger
-- value is taken: arbitrary, but the same in every load.
listed as (
    select
        pupil_id,
        true as in_population,
        max(year_of_birth) as year_of_birth,
        max(month_of_birth) as month_of_birth,
        max(gender_code) as gender_code,
        max(ethnic_group_major_code) as ethnic_group_major_code,
        {{ is_disputed('year_of_birth') }} as is_year_of_birth_disputed,
        {{ is_disputed('gender_code') }} as is_gender_disputed
    from population
    group by pupil_id
),

seen as (
    {% for dataset in yearly_datasets() %}
    select distinct pupil_id
    from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

-- A pupil of any dataset is a pupil: an extract may hold children whom the population
-- file lacks.
pupils as (
    select * from listed
    union all
    select
        pupil_id,
        false as in_population,
        cast(null as integer) as year_of_birth,
        cast(null as integer) as month_of_birth,
        cast(null as string) as gender_code,
        cast(null as string) as ethnic_group_major_code,
        false as is_year_of_birth_disputed,
        false as is_gender_disputed
    from seen
    where not exists (
        select 1 from population
        where population.pupil_id = seen.pupil_id
    )
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
        pupils.ethnic_group_major_code,
        pupils.is_year_of_birth_disputed,
        pupils.is_gender_disputed
    from pupils
    left join moj_uids on pupils.pupil_id = moj_uids.pupil_id
)

select * from final
