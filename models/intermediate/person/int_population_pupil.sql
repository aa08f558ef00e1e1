{{ config(materialized='view') }}
with population as {{ read_each_time() }} (
    select * from {{ without_catalog(ref('stg_population')) }}
    where pupil_id is not null
),

repeated as (
    select * from {{ without_catalog(ref('int_population_repeated')) }}
),

single_rows as (
    select
        pupil_id,
        year_of_birth,
        case when year_of_birth is not null then month_of_birth end as month_of_birth,
        gender_code,
        ethnic_group_major_code,
        false as is_birth_disputed,
        false as is_gender_disputed
    from population
    where
        not exists (
            select 1 from repeated
            where repeated.pupil_id = population.pupil_id
        )
),

repeated_rows as (
    select population.*
    from population
    inner join repeated on population.pupil_id = repeated.pupil_id
),

-- The last gender and ethnic group in alphabetical order are taken: arbitrary, but the
-- same in every load. A blank month in one row is not a contradiction.
folded as (
    select
        pupil_id,
        max(gender_code) as gender_code,
        max(ethnic_group_major_code) as ethnic_group_major_code,
        {{ is_disputed('year_of_birth') }} or {{ is_disputed('month_of_birth') }}
            as is_birth_disputed,
        {{ is_disputed('gender_code') }} as is_gender_disputed
    from repeated_rows
    group by pupil_id
),

-- Year and month of birth belong together. Of several births, a whole one comes before
-- a year alone, then that of most rows, then the latest.
births as (
    select
        pupil_id,
        year_of_birth,
        month_of_birth,
        row_number() over (
            partition by pupil_id
            order by
                month_of_birth is null,
                count(*) desc,
                year_of_birth desc,
                month_of_birth desc
        ) as preference
    from repeated_rows
    where year_of_birth is not null
    group by pupil_id, year_of_birth, month_of_birth
),

final as (
    select * from single_rows
    union all
    select
        folded.pupil_id,
        births.year_of_birth,
        births.month_of_birth,
        folded.gender_code,
        folded.ethnic_group_major_code,
        folded.is_birth_disputed,
        folded.is_gender_disputed
    from folded
    left join births
        on folded.pupil_id = births.pupil_id and births.preference = 1
)

select * from final
