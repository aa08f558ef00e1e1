{{ config(materialized='view') }}
with population as (
    select * from {{ without_catalog(ref('stg_population')) }}
    where pupil_id is not null
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
        max(folded.gender_code) as gender_code,
        max(folded.ethnic_group_major_code) as ethnic_group_major_code,
        bool_or(folded.is_birth_disputed) as is_birth_disputed,
        bool_or(folded.is_gender_disputed) as is_gender_disputed,
        row_number() over (
            partition by born.pupil_id
            order by max(born.month_of_birth) is null, count(*) desc, born.birth desc
        ) as preference
    from born
    inner join folded on born.pupil_id = folded.pupil_id
    where folded.has_several_births and born.birth is not null
    group by born.pupil_id, born.birth
),

-- A union and no join, because DuckDB 2.0 waits for ever where the rows of a join of
-- `folded` with itself are limited.
chosen as (
    select
        pupil_id,
        latest_birth as birth,
        gender_code,
        ethnic_group_major_code,
        is_birth_disputed,
        is_gender_disputed
    from folded
    where not coalesce(has_several_births, false)
    union all
    select
        pupil_id,
        birth,
        gender_code,
        ethnic_group_major_code,
        is_birth_disputed,
        is_gender_disputed
    from counted_births
    where preference = 1
),

final as (
    select
        pupil_id,
        {{ try_cast('left(birth, 4)', 'integer') }} as year_of_birth,
        {{ try_cast('substr(birth, 6)', 'integer') }} as month_of_birth,
        gender_code,
        ethnic_group_major_code,
        is_birth_disputed,
        is_gender_disputed
    from chosen
)

select * from final
