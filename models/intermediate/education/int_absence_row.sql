{{ config(materialized='view') }}
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
        nc_years.year_group,
        -- Pupils of year group 11 are 15 at the start of the school year.
        coalesce(
            nc_years.year_group = 11, absence.age_at_start_of_year = 15, false
        ) as is_year_11
    from absence
    left join nc_years on absence.nc_year_code = nc_years.code
),

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
    from grouped
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
