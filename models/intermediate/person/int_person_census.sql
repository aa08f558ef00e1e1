with census as (
    select * from {{ ref('int_census_pupil_year') }}
),

pupils as (
    select * from {{ ref('int_pupil') }}
),

-- The census is in January, so a pupil is 15 in exactly one of them. Where the birth is
-- not known, year 11 is taken for it.
aged as (
    select
        census.*,
        coalesce(census.home_local_authority_code, census.local_authority_code)
            as authority_code,
        coalesce(
            {{ age_in('census.academic_year_end', 1, 'pupils') }}, census.year_group + 4
        ) as age_in_census
    from census
    inner join pupils on census.pupil_id = pupils.pupil_id
),

-- Place, deprivation and needs come from one census: the one at 15, else the nearest
-- earlier one.
final as (
    select
        pupil_id,
        cast(max(age_in_census) filter (where age_in_census <= 15) as integer)
            as age_in_census_at_15,
        {{ latest_value('authority_code', 'academic_year', 'string', 'age_in_census <= 15') }}
            as home_la_at_15,
        {{ latest_value(
            'deprivation_decile', 'academic_year', 'integer', 'age_in_census <= 15'
        ) }} as idaci_decile_at_15,
        {{ latest_value('sen_code', 'academic_year', 'string', 'age_in_census <= 15') }}
            as sen_at_15,
        -- One yes of either is enough, and one answer of either makes it no.
        bool_or(coalesce(
            is_free_meals or is_ever_free_meals, is_free_meals, is_ever_free_meals
        )) as is_ever_fsm,
        cast(count(*) as integer) as n_census_years
    from aged
    group by pupil_id
)

select * from final
