with sightings as (
    select
        pupil_id,
        {{ academic_year_label('reporting_year - 1') }} as academic_year,
        is_looked_after_31_march,
        legal_status_code
    from {{ ref('stg_cla') }}
    where pupil_id is not null
),

-- Any row of a year says that the child was looked after at some time of that year.
final as (
    select
        pupil_id,
        academic_year,
        cast(count(*) as integer) as n_cla_rows,
        coalesce(bool_or(is_looked_after_31_march), false) as is_looked_after_31_march,
        bool_and({{ is_short_break() }}) as is_short_breaks_only
    from sightings
    group by pupil_id, academic_year
)

select * from final
