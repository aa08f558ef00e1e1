-- The columns of the extract, as text, in the code list of the reporting year.
create or replace table cla_row as
with months as (
    select
        sighting.*,
        period.period_start_date,
        period.care_need,
        period.is_short_break,
        least(period.period_end_date, sighting.last_day) as counted_to,
        age_on(sighting.birth_date, make_date(sighting.reporting_year - 1, 8, 31))
            as age_august,
        make_date(sighting.reporting_year - 1, 10, 1) as october,
    from cla_sighting as sighting
    inner join period
        on sighting.child_number = period.child_number
        and sighting.period_number = period.period_number
)

select
    months.child_number,
    months.reporting_year,
    months.episode_number,
    hash(months.child_number, months.reporting_year, months.episode_number) >> 2
        as row_id,
    if(months.is_reference_missing, null, identifier.moj_uid) as moj_uid,
    if(months.is_reference_missing, null, identifier.second_moj_uid) as second_moj_uid,
    months.academic_year,
    if(months.is_reference_missing, null, identifier.pupil_id) as pupil_id,
    months.reporting_year::varchar as processing_year,
    months.period_start_date,
    months.is_open as is_open,
    date_sub('month', months.period_start_date, months.counted_to)::varchar
        as poc_length,
    months.care_need,
    months.episode_start_date,
    if(months.is_open, null, months.episode_end_date) as episode_end_date,
    -- Known only where the return was made up well after the year, so not far beyond it.
    if(
        months.is_open
        and months.episode_end_date <= getvariable('last_day') + 180,
        months.episode_end_date,
        null
    ) as later_end_date,
    months.legal_status,
    placement_code.code as placement,
    case
        when months.is_open then '-10'
        -- Special guardianship has other codes from April 2018.
        when months.episode_end_date < date '2018-04-01' then months.reason_ceased
        when months.reason_ceased = 'E43' then if(months.episode_number % 2 = 0, 'E45', 'E46')
        when months.reason_ceased = 'E44' then if(months.episode_number % 2 = 0, 'E47', 'E48')
        else months.reason_ceased
    end as reason_ceased,
    if(
        months.is_open or not shows('CLA_REASON_PLACE_CHANGE', months.reporting_year),
        null,
        episode_place_change.place_change_reason
    ) as place_change_reason,
    months.episode_number::varchar as episode_index,
    months.is_open and months.period_start_date <= months.october as is_six_months,
    months.is_open and months.period_start_date <= months.first_day as is_twelve_months,
    not months.is_short_break
    and months.age_august between 4 and 15
    and months.counted_to - greatest(months.period_start_date, months.first_day) >= 183
        as is_school_age_six_months,
    not months.is_short_break
    and months.age_august between 4 and 15
    and months.counted_to > greatest(months.period_start_date, months.first_day)
        as is_school_age_one_day,
    coalesce(later_range.later_code, months.la_code) as la_code,
    if(months.reporting_year <= 2009, la_range.la_code_until_2009, null) as old_la_code,
    months.reason_new_episode,
from months
inner join identifier on months.child_number = identifier.child_number
inner join la_range on months.la_code = la_range.la_code
left join later_range
    on months.la_code = later_range.la_code
    and months.reporting_year >= later_range.first_year
    and falls_in(
        draw(months.child_number, 'later authority', 0),
        later_range.u_from,
        later_range.u_to
    )
inner join placement_code
    on months.placement_kind = placement_code.placement_kind
    and months.is_long_term::integer = placement_code.is_long_term
    and months.reporting_year
    between placement_code.first_year and placement_code.last_year
left join episode_place_change
    on months.child_number = episode_place_change.child_number
    and months.episode_number = episode_place_change.episode_number;
