{{ config(materialized='view') }}
-- Six half-terms need the census, and so does the unit test of them:
-- depends_on: {{ ref('int_census_record') }}
with absence as (
    select * from {{ without_catalog(ref('stg_absence')) }}
    where pupil_id is not null and academic_year is not null
),

nc_years as (
    select
        code,
        year_group
    from {{ without_catalog(ref('nc_year')) }}
),

grouped as (
    select
        absence.*,
        nc_years.year_group
    from absence
    left join nc_years on absence.nc_year_code = nc_years.code
),

{% if absence_half_terms() == 6 -%}
-- Rows without a year group are few, so the census is read for their pupils alone.
unplaced as (
    select distinct
        pupil_id,
        academic_year
    from grouped
    where year_group is null
),

census as (
    select * from {{ without_catalog(ref('int_census_record')) }}
),

census_groups as (
    select
        census.pupil_id,
        census.academic_year,
        census.year_group
    from census
    inner join unplaced
        on
            census.pupil_id = unplaced.pupil_id
            and census.academic_year = unplaced.academic_year
    where census.year_group is not null
),

placed as (
    select
        grouped.*,
        -- Pupils of year group 11 are 15 at the start of the school year.
        coalesce(
            grouped.year_group = 11,
            census_groups.year_group = 11,
            grouped.age_at_start_of_year = 15,
            false
        ) as is_year_11
    from grouped
    left join census_groups
        on
            grouped.pupil_id = census_groups.pupil_id
            and grouped.academic_year = census_groups.academic_year
),
{%- else -%}
-- With five half-terms, the sums are the same in year 11.
placed as (
    select
        *,
        coalesce(year_group = 11, age_at_start_of_year = 15, false) as is_year_11
    from grouped
),
{%- endif %}

summed as (
    select
        {%- for measure in ['possible', 'unauthorised'] %}
        {{ absence_year_sessions(measure, absence_half_terms(), 'is_year_11') }}
            as delivered_{{ measure }},
        {%- endfor %}
        -- Without the sessions of a term the sum would be too small.
        case
            when
                not coalesce({{ has_absence_gap(
                    'authorised', absence_half_terms(), 'is_year_11'
                ) }}, false)
                then {{ absence_year_sessions(
                    'authorised', absence_half_terms(), 'is_year_11'
                ) }}
        end as delivered_authorised,
        *
    from placed
),

-- A return that was not credible has 0 in every column, so 0 possible sessions are
-- unknown. Nobody misses more sessions than are possible. A term with possible sessions
-- and a blank for those missed is not a term without absence, and a term that cannot be
-- read is not left out of the sum.
final as (
    select
        *,
        coalesce(
            delivered_possible > 0
            and delivered_unauthorised <= delivered_possible
            and not {{ absence_has_gap(absence_half_terms(), 'is_year_11') }},
            false
        ) as has_known_sessions
    from summed
)

select * from final
