{%- set use_other -%}
pupils.month_of_birth is null
                and (
                    pupils.year_of_birth is null
                    or particulars.month_of_birth is not null
                )
                {% endset -%}
with population as (
    select * from {{ ref('stg_population') }}
    where pupil_id is not null
),

moj_uids as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

particulars as (
    select * from {{ ref('int_pupil_particulars') }}
),

-- Year and month of birth belong together, so they are one value.
born as (
    select
        *,
        cast(year_of_birth as string) || coalesce(
            '-' || lpad(cast(month_of_birth as string), 2, '0'), ''
        ) as birth
    from population
),

-- If the population file has two different rows of a pupil, the last value in
-- alphabetical order is taken: arbitrary, but the same in every load.
folded as (
    select
        pupil_id,
        max(birth) as latest_birth,
        max(gender_code) as gender_code,
        max(ethnic_group_major_code) as ethnic_group_major_code,
        min(birth) <> max(birth) as has_several_births,
        -- A blank month in one row is not a contradiction.
        {{ is_disputed('year_of_birth') }} or {{ is_disputed('month_of_birth') }}
            as is_birth_disputed,
        {{ is_disputed('gender_code') }} as is_gender_disputed
    from born
    group by pupil_id
),

-- Of several births, a whole one comes before a year alone, then that of most rows.
counted_births as (
    select
        born.pupil_id,
        born.birth,
        row_number() over (
            partition by born.pupil_id
            order by max(born.month_of_birth) is null, count(*) desc, born.birth desc
        ) as preference
    from born
    inner join folded on born.pupil_id = folded.pupil_id
    where folded.has_several_births and born.birth is not null
    group by born.pupil_id, born.birth
),

listed as (
    select
        folded.pupil_id,
        true as in_population,
        coalesce(counted_births.birth, folded.latest_birth) as birth,
        folded.gender_code,
        folded.ethnic_group_major_code,
        folded.is_birth_disputed,
        folded.is_gender_disputed
    from folded
    left join counted_births
        on folded.pupil_id = counted_births.pupil_id and counted_births.preference = 1
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
            select 1 from population
            where population.pupil_id = pupil_rows.pupil_id
        )
),

pupils as (
    select * from listed
    union all
    select
        pupil_id,
        false as in_population,
        cast(null as string) as birth,
        cast(null as string) as gender_code,
        cast(null as string) as ethnic_group_major_code,
        false as is_birth_disputed,
        false as is_gender_disputed
    from seen
),

read_births as (
    select
        *,
        {{ try_cast('left(birth, 4)', 'integer') }} as year_of_birth,
        {{ try_cast('substr(birth, 6)', 'integer') }} as month_of_birth
    from pupils
),

deliveries as (
    select count(*) = 0 as is_without_population from population
),

-- The population file comes first. Year and month come from one source, and a whole
-- birth of another comes before a year alone.
final as (
    select
        pupils.pupil_id,
        moj_uids.moj_uid,
        coalesce(moj_uids.has_conflicting_moj_uid, false) as has_conflicting_moj_uid,
        pupils.in_population
        or (
            deliveries.is_without_population
            and coalesce(particulars.in_census, false)
        ) as in_population,
        case
            when
                {{ use_other }}then particulars.year_of_birth
            else pupils.year_of_birth
        end as year_of_birth,
        case
            when
                {{ use_other }}then particulars.month_of_birth
            else pupils.month_of_birth
        end as month_of_birth,
        coalesce(pupils.gender_code, particulars.gender_code) as gender_code,
        coalesce(pupils.ethnic_group_major_code, particulars.ethnic_group_major_code)
            as ethnic_group_major_code,
        pupils.is_birth_disputed,
        pupils.is_gender_disputed
    from read_births as pupils
    cross join deliveries
    left join moj_uids on pupils.pupil_id = moj_uids.pupil_id
    left join particulars on pupils.pupil_id = particulars.pupil_id
)

select * from final
