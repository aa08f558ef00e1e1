with census as (
    select * from {{ ref('stg_census') }}
    where pupil_id is not null and academic_year is not null
),

enrolment_statuses as (
    select
        code,
        is_main_registration
    from {{ ref('enrolment_status') }}
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
final as (
    select
        census._source_file,
        census._source_row,
        repeated.n_census_rows,
        bool_or({{ shows_free_meals('census') }}) over (
            partition by census.pupil_id, census.academic_year
        ) as has_free_meals,
        row_number() over (
            partition by census.pupil_id, census.academic_year
            order by
                coalesce(census.record_status >= 100, false) asc,
                coalesce(census.is_on_roll, true) desc,
                coalesce(enrolment_statuses.is_main_registration, false) desc,
                census.record_status asc nulls last,
                census._source_file asc,
                census._source_row asc
        ) = 1 as is_used
    from census
    inner join repeated
        on
            census.pupil_id = repeated.pupil_id
            and census.academic_year = repeated.academic_year
    left join enrolment_statuses
        on census.enrolment_status_code = enrolment_statuses.code
)

select * from final
