with exclusions as (
    select * from {{ ref('int_exclusion') }}
),

categories as (
    select * from {{ ref('exclusion_category') }}
),

reasons as (
    select * from {{ ref('exclusion_reason') }}
),

final as (
    select
        exclusions.exclusion_id,
        exclusions.pupil_id,
        exclusions.academic_year,
        exclusions.academic_year_start,
        exclusions.academic_year_end,
        exclusions.start_date,
        exclusions.category_code,
        categories.label as category_label,
        exclusions.category_group,
        exclusions.reason_code,
        reasons.label as reason_label,
        exclusions.reason_b_code,
        reasons_b.label as reason_b_label,
        exclusions.reason_c_code,
        reasons_c.label as reason_c_label,
        exclusions.sessions,
        exclusions.year_group,
        exclusions.term_code,
        exclusions.school_id
    from exclusions
    left join categories on exclusions.category_code = categories.code
    left join reasons on exclusions.reason_code = reasons.code
    left join reasons as reasons_b on exclusions.reason_b_code = reasons_b.code
    left join reasons as reasons_c on exclusions.reason_c_code = reasons_c.code
)

select * from final
