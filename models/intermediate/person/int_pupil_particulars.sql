-- Pupils whom one row of the population file describes in full need no other source:
-- so most of the census, by far the longest dataset, is passed over.
with described as (
    select pupil_id
    from {{ ref('stg_population') }}
    where
        pupil_id is not null
        and year_of_birth is not null
        and month_of_birth is not null
        and gender_code is not null
        and ethnic_group_major_code is not null
),

delivered as (
    select
        1 as source_order,
        pupil_id,
        year_of_birth,
        month_of_birth,
        gender_code,
        ethnic_group_major_code
    from {{ ref('stg_census') }}
    union all
    select
        2 as source_order,
        pupil_id,
        year_of_birth,
        month_of_birth,
        gender_code,
        cast(null as string) as ethnic_group_major_code
    from {{ ref('stg_ks4') }}
),

counted as (
    select
        pupil_id,
        source_order,
        year_of_birth,
        case when year_of_birth is not null then month_of_birth end as month_of_birth,
        max(gender_code) as gender_code,
        max(ethnic_group_major_code) as ethnic_group_major_code,
        count(*) as n_rows
    from delivered
    where
        pupil_id is not null
        and not exists (
            select 1 from described
            where described.pupil_id = delivered.pupil_id
        )
    group by
        pupil_id,
        source_order,
        year_of_birth,
        case when year_of_birth is not null then month_of_birth end
),

-- A whole birth comes before a year alone, the census before KS4, and of several births
-- that of most rows, then the later one.
ordered as (
    select
        *,
        row_number() over (
            partition by pupil_id
            order by
                year_of_birth is null,
                month_of_birth is null,
                source_order asc,
                n_rows desc,
                year_of_birth desc,
                month_of_birth desc
        ) as preference
    from counted
),

final as (
    select
        pupil_id,
        min(source_order) = 1 as in_census,
        max(year_of_birth) filter (where preference = 1) as year_of_birth,
        max(month_of_birth) filter (where preference = 1) as month_of_birth,
        coalesce(
            max(gender_code) filter (where source_order = 1), max(gender_code)
        ) as gender_code,
        max(ethnic_group_major_code) as ethnic_group_major_code
    from ordered
    group by pupil_id
)

select * from final
