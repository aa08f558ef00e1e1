-- A plan on a row that is not used otherwise is a plan as well. If rows give the same
-- start in one year, the used ones give its end.
with plan_rows as (
    select
        pupil_id,
        referral_mark,
        academic_year,
        cpp_start_date,
        cpp_end_date,
        is_used
        or not bool_or(is_used) over (
            partition by pupil_id, referral_mark, academic_year, cpp_start_date
        ) as gives_end
    from {{ ref('int_cin_referral_row') }}
    where cpp_start_date is not null
),

-- The start and the end of a plan come from one row. If one year gives two ends, a
-- blank end is used first, then the later end.
folded as {{ computed_once() }} (
    select
        pupil_id,
        referral_mark,
        cpp_start_date,
        {{ latest_value(
            "coalesce(cpp_end_date, cast('9999-12-31' as date))", 'academic_year', 'date', 'gives_end'
        ) }} as end_or_open_date,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        {{ reporting_year_end(reporting_year_named('max(academic_year)')) }}
            as last_year_end,
        cast(count(*) filter (where gives_end) as integer) as n_yearly_rows
    from plan_rows
    group by pupil_id, referral_mark, cpp_start_date
),

-- A plan that is open on 31 March has a row in the next year. Where that row is
-- missing, and another plan of the referral from before that 31 March is there for the
-- first time, the second is the first with another start.
pairs as (
    select
        copies.pupil_id,
        copies.referral_mark,
        copies.cpp_start_date,
        originals.cpp_start_date as corrected_start_date,
        dense_rank() over (
            partition by copies.pupil_id, copies.referral_mark, copies.cpp_start_date
            order by originals.first_academic_year
        ) = 1 as is_next
    from folded as copies
    inner join folded as originals
        on
            copies.pupil_id = originals.pupil_id
            and copies.referral_mark = originals.referral_mark
            and copies.last_academic_year < originals.first_academic_year
    where
        abs({{ days_between('copies.cpp_start_date', 'originals.cpp_start_date') }})
        between 1 and {{ var('corrected_date_max_days') }}
        and originals.cpp_start_date <= copies.last_year_end
        and (
            copies.end_or_open_date > copies.last_year_end
            or copies.end_or_open_date = originals.end_or_open_date
        )
),

counted as (
    select
        *,
        count(*) over (partition by pupil_id, referral_mark, cpp_start_date)
            as n_originals,
        count(*) over (partition by pupil_id, referral_mark, corrected_start_date)
            as n_copies
    from pairs
    where is_next
),

-- If more than one plan fits, none is used.
decided as (
    select * from counted
    where n_originals = 1 and n_copies = 1
),

-- A corrected start can be corrected again.
final as (
    select
        folded.pupil_id,
        folded.referral_mark,
        folded.cpp_start_date as delivered_start_date,
        coalesce(
            later.corrected_start_date,
            decided.corrected_start_date,
            folded.cpp_start_date
        ) as cpp_start_date,
        decided.corrected_start_date is not null as is_corrected,
        folded.end_or_open_date,
        folded.first_academic_year,
        folded.last_academic_year,
        folded.n_yearly_rows
    from folded
    left join decided
        on
            folded.pupil_id = decided.pupil_id
            and folded.referral_mark = decided.referral_mark
            and folded.cpp_start_date = decided.cpp_start_date
    left join decided as later
        on
            decided.pupil_id = later.pupil_id
            and decided.referral_mark = later.referral_mark
            and decided.corrected_start_date = later.cpp_start_date
)

select * from final
