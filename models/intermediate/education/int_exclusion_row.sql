with delivered as {{ computed_once() }} (
    select * from {{ ref('int_exclusion_delivered') }}
),

judged as (
    select
        *,
        case
            when pupil_id is null then 'no pupil reference'
            when academic_year is null then 'no school year'
            when category_code is null then 'no category'
            when category_group is null then 'category not on the list'
            when is_permanent_duplicate then 'duplicate of a permanent exclusion'
        end as reason_of_row
    from delivered
),

-- Three tables can hold the same exclusions: singly, by pupil and school, and by pupil.
-- For each pupil and year, the table with most detail is used.
preferred as (
    select
        pupil_id,
        academic_year_start,
        min(layout) as preferred_layout
    from judged
    where reason_of_row is null
    group by pupil_id, academic_year_start
    having min(layout) <> max(layout)
),

copies as (
    select
        exclusion_id,
        min(source_position) as source_position
    from judged
    where reason_of_row is null
    group by exclusion_id
    having count(*) > 1
),

final as (
    select
        judged.exclusion_id,
        judged.pupil_id,
        judged.academic_year,
        judged.academic_year_start,
        judged.academic_year_end,
        judged.start_date,
        judged.category_code,
        judged.category_group,
        judged.reason_code,
        judged.reason_b_code,
        judged.reason_c_code,
        judged.sessions,
        judged.year_group,
        judged.term_code,
        judged.school_id,
        judged.layout,
        judged.slot_number,
        case
            when judged.reason_of_row is not null then judged.reason_of_row
            when judged.layout <> preferred.preferred_layout
                then 'delivered in another table'
            when judged.source_position <> copies.source_position then 'exact copy'
        end as reason_excluded,
        judged._source_file,
        judged._source_row
    from judged
    left join preferred
        on
            judged.pupil_id = preferred.pupil_id
            and judged.academic_year_start = preferred.academic_year_start
    left join copies on judged.exclusion_id = copies.exclusion_id
)

select * from final
