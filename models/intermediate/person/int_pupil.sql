with population as (
    select * from {{ ref('int_population_pupil') }}
),

population_rows as {{ read_each_time() }} (
    select pupil_id from {{ ref('stg_population') }}
    where pupil_id is not null
),

moj_uids as (
    select * from {{ ref('int_pupil_moj_uid') }}
    where is_main
),

particulars as (
    select * from {{ ref('int_pupil_particulars') }}
),

-- A pupil of any dataset is a pupil: an extract may hold children who are not in the
-- population file. Those of that file are left out first: the census alone has
-- many rows for each pupil of the population file.
seen as (
    select distinct pupil_id
    from {{ ref('int_pupil_row') }} as pupil_rows
    where
        dataset <> 'population'
        and not exists (
            select 1 from population_rows
            where population_rows.pupil_id = pupil_rows.pupil_id
        )
),

pupils as (
    select
        *,
        true as in_population
    from population
    union all
    select
        pupil_id,
        cast(null as integer) as year_of_birth,
        cast(null as integer) as month_of_birth,
        cast(null as string) as gender_code,
        cast(null as string) as ethnic_group_major_code,
        false as is_birth_disputed,
        false as is_gender_disputed,
        false as in_population
    from seen
),

deliveries as (
    select count(*) = 0 as is_without_population from population_rows
),

-- The population file comes first. Year and month come from one source, and a whole
-- birth of another comes before a year alone.
joined as (
    select
        pupils.*,
        particulars.year_of_birth as other_year_of_birth,
        particulars.month_of_birth as other_month_of_birth,
        particulars.gender_code as other_gender_code,
        particulars.ethnic_group_major_code as other_ethnic_group_major_code,
        coalesce(particulars.in_census, false) as in_census,
        pupils.month_of_birth is null
        and (pupils.year_of_birth is null or particulars.month_of_birth is not null)
            as is_other_birth_used
    from pupils
    left join particulars on pupils.pupil_id = particulars.pupil_id
),

final as (
    select
        joined.pupil_id,
        moj_uids.moj_uid,
        coalesce(moj_uids.has_conflicting_moj_uid, false) as has_conflicting_moj_uid,
        joined.in_population or (deliveries.is_without_population and joined.in_census)
            as in_population,
        case
            when joined.is_other_birth_used then joined.other_year_of_birth
            else joined.year_of_birth
        end as year_of_birth,
        case
            when joined.is_other_birth_used then joined.other_month_of_birth
            else joined.month_of_birth
        end as month_of_birth,
        coalesce(joined.gender_code, joined.other_gender_code) as gender_code,
        coalesce(joined.ethnic_group_major_code, joined.other_ethnic_group_major_code)
            as ethnic_group_major_code,
        joined.is_birth_disputed,
        joined.is_gender_disputed
    from joined
    cross join deliveries
    left join moj_uids on joined.pupil_id = moj_uids.pupil_id
)

select * from final
