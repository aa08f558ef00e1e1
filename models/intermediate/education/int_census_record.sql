with census as (
    select * from {{ ref('stg_census') }}
    where pupil_id is not null and academic_year is not null
),

nc_years as (
    select
        code,
        year_group
    from {{ ref('nc_year') }}
),

repeated_rows as (
    select * from {{ ref('int_census_repeated_row') }}
),

authorities as (
    {% for ons_code in ['ons_code', 'ons_code_later'] %}
    select
        code,
        {{ ons_code }} as ons_code
    from {{ ref('local_authority') }}
    where {{ ons_code }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        census._source_file,
        census._source_row,
        census.pupil_id,
        census.academic_year,
        census.academic_year_start,
        census.academic_year_end,
        nc_years.year_group,
        census.year_of_birth,
        census.month_of_birth,
        census.gender_code,
        census.ethnic_group_major_code,
        census.is_free_meals,
        -- A pupil who is eligible now has been so at least once.
        case
            when
                repeated_rows.has_free_meals or {{ shows_free_meals('census') }}
                then true
            else census.is_ever_free_meals
        end as is_ever_free_meals,
        coalesce(repeated_rows.has_free_meals, {{ shows_free_meals('census') }})
            as has_free_meals,
        census.sen_code,
        coalesce(
            school_authorities.code,
            census.local_authority_code,
            census.local_authority_ons_code
        ) as local_authority_code,
        coalesce(
            home_authorities.code,
            census.home_local_authority_code,
            census.home_local_authority_ons_code
        ) as home_local_authority_code,
        census.deprivation_rank,
        census.deprivation_score,
        census.deprivation_decile as delivered_deprivation_decile,
        coalesce(repeated_rows.n_census_rows, 1) as n_census_rows
    from census
    left join repeated_rows
        on
            census._source_file = repeated_rows._source_file
            and census._source_row = repeated_rows._source_row
    left join nc_years on census.nc_year_code = nc_years.code
    left join authorities as school_authorities
        on
            coalesce(census.local_authority_code, census.local_authority_ons_code)
            = school_authorities.ons_code
    left join authorities as home_authorities
        on
            coalesce(
                census.home_local_authority_code, census.home_local_authority_ons_code
            ) = home_authorities.ons_code
    where coalesce(repeated_rows.is_used, true)
)

select * from final
