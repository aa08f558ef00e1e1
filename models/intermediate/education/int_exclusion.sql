{{ config(materialized='view') }}
with final as (
    select
        exclusion_id,
        pupil_id,
        academic_year,
        academic_year_start,
        academic_year_end,
        start_date,
        category_code,
        category_group,
        reason_code,
        reason_b_code,
        reason_c_code,
        sessions,
        year_group,
        term_code,
        school_id,
        _source_file,
        _source_row
    from {{ without_catalog(ref('int_exclusion_row')) }}
    where reason_excluded is null
)

select * from final
