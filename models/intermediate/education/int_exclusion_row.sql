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
-- For each pupil and year, the table with most detail is used. Late reports come in the
-- tables of a later year, so they are a choice of their own.
preferred as (
    select
        pupil_id,
        academic_year_start,
        min(layout) filter (where not is_late) as layout_in_time,
        min(layout) filter (where is_late) as layout_of_late
    from judged
    where reason_of_row is null
    group by pupil_id, academic_year_start
    having min(layout) <> max(layout)
),

chosen as (
    select judged.*
    from judged
    inner join preferred
        on
            judged.pupil_id = preferred.pupil_id
            and judged.academic_year_start = preferred.academic_year_start
    where
        judged.reason_of_row is null
        and judged.layout = case
            when judged.is_late then preferred.layout_of_late
            else preferred.layout_in_time
        end
),

-- A table of the year itself that was made later can hold a late report as well.
late_copies as (
    select distinct late.exclusion_id
    from chosen as late
    inner join chosen as in_time
        on
            late.pupil_id = in_time.pupil_id
            and late.academic_year_start = in_time.academic_year_start
            and late.category_group = in_time.category_group
            and late.layout <> in_time.layout
    where
        late.is_late
        and not in_time.is_late
        and coalesce(
            late.start_date = in_time.start_date,
            late.sessions = in_time.sessions,
            true
        )
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
            when
                judged.layout <> case
                    when judged.is_late then preferred.layout_of_late
                    else preferred.layout_in_time
                end
                or late_copies.exclusion_id is not null
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
    left join late_copies on judged.exclusion_id = late_copies.exclusion_id
)

select * from final
