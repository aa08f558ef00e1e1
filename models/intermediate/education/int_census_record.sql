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

enrolment_statuses as (
    select
        code,
        is_main_registration
    from {{ ref('enrolment_status') }}
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

repeated as (
    select
        pupil_id,
        academic_year,
        cast(count(*) as integer) as n_census_rows
    from census
    group by pupil_id, academic_year
    having count(*) > 1
),

-- A status of 100 or more marks a duplicate. The last steps of the order only make the
-- choice the same in each build.
ordered as (
    select
        census._source_file,
        census._source_row,
        repeated.n_census_rows,
        row_number() over (
            partition by census.pupil_id, census.academic_year
            order by
                coalesce(census.record_status >= 100, false) asc,
                coalesce(census.is_on_roll, true) desc,
                coalesce(enrolment_statuses.is_main_registration, false) desc,
                census.record_status asc nulls last,
                census._source_file asc,
                census._source_row asc
        ) as choice
    from census
    inner join repeated
        on
            census.pupil_id = repeated.pupil_id
            and census.academic_year = repeated.academic_year
    left join enrolment_statuses
        on census.enrolment_status_code = enrolment_statuses.code
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
                census.is_free_meals
                or census.is_free_meals_6_years
                or census.is_free_meals_6_years_premium
                then true
            else census.is_ever_free_meals
        end as is_ever_free_meals,
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
        coalesce(repeated.n_census_rows, 1) as n_census_rows
    from census
    left join repeated
        on
            census.pupil_id = repeated.pupil_id
            and census.academic_year = repeated.academic_year
    left join ordered
        on
            census._source_file = ordered._source_file
            and census._source_row = ordered._source_row
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
    where repeated.pupil_id is null or ordered.choice = 1
)

select * from final
