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
        cast(census.deprivation_decile as string) as decile,
        coalesce(
            {{ age_in('census.academic_year_end', 1, 'pupils') }}, census.year_group + 4
        ) as age_in_census
    from census
    inner join pupils on census.pupil_id = pupils.pupil_id
),

-- Each fact comes from the census at 15, else from the nearest earlier one that has it.
final as (
    select
        pupil_id,
        cast(max(age_in_census) filter (where age_in_census <= 15) as integer)
            as age_in_census_at_15,
        {% set condition = 'age_in_census <= 15' -%}
        {% set school = latest_filled(
            'local_authority_code', 'academic_year', condition
        ) -%}
        {% set home = latest_filled(
            'home_local_authority_code', 'academic_year', condition
        ) -%}
        coalesce({{ home }}, {{ school }}) as home_la_at_15,
        {{ school }} as school_la_at_15,
        {{ try_cast(
            latest_filled('decile', 'academic_year', condition), 'integer'
        ) }} as idaci_decile_at_15,
        {{ latest_filled('sen_code', 'academic_year', condition) }} as sen_at_15,
        bool_or(has_free_meals) as is_ever_fsm
    from aged
    group by pupil_id
)

select * from final
