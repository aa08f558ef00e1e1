with cla as (
    select
        *,
        {{ academic_year_label('reporting_year - 1') }} as year_of_row
    from {{ ref('stg_cla') }}
    where pupil_id is not null
),

-- Any row of a year shows that the child was looked after at some time of that year.
final as (
    select
        pupil_id,
        year_of_row as academic_year,
        cast(count(*) as integer) as n_cla_rows,
        {{ any_yes('is_looked_after_31_march', 'has_unreadable_31_march_flag') }}
            as is_looked_after_31_march,
        bool_and({{ is_short_break('legal_status_code') }}) as is_short_breaks_only
    from cla
    group by pupil_id, year_of_row
)

select * from final
