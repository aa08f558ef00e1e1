-- Short breaks: a disabled child in need stays away for a night or two, again and
-- again, by agreement.
-- Either the agreement is recorded (V4, one long episode) or every stay is (V3).
create or replace temp table short_break_series as
with offered as (
    select
        referral.child_number,
        referral.referral_number,
        referral.referral_date,
        referral.closure_date,
        child.birth_date,
        draw(referral.child_number, 'short break length', referral.referral_number)
            as u_length,
        draw(referral.child_number, 'short break kind', referral.referral_number) < 0.75
            as is_agreement,
        (
            greatest(referral.referral_date + 30, child.birth_date + 500)
            + floor(120 * draw(
                referral.child_number, 'short break delay', referral.referral_number
            ))::integer
        )::date as series_start_date,
    from referral
    inner join child on referral.child_number = child.child_number
    inner join year_setting
        on reporting_year_of(referral.referral_date) = year_setting.reporting_year
    where referral.outcome = 'need'
        and referral.primary_need = 'N2'
        and draw(referral.child_number, 'short break', referral.referral_number)
        < year_setting.short_break_share
),

ended as (
    select
        offered.*,
        least(
            offered.series_start_date + length_of(offered.u_length, length.curve),
            offered.closure_date
        )::date as series_end_date,
    from offered
    inner join duration_range as length
        on length.what = 'short_break_series'
        and falls_in(offered.u_length, length.u_from, length.u_to)
)

select *
from ended
-- A child who is in care at any time of the series has no short breaks then.
anti join care_period
    on ended.child_number = care_period.child_number
    and ended.series_start_date <= care_period.period_end_date
    and ended.series_end_date >= care_period.period_start_date
where ended.series_end_date > ended.series_start_date + 30
    and ended.series_start_date <= getvariable('last_day');

insert into care_period
with stays as (
    select
        *,
        unnest(range(0, ((series_end_date - series_start_date) // 35)::bigint)) as stay,
    from short_break_series
    where not is_agreement
),

dated_stays as (
    select
        child_number,
        referral_number,
        (series_start_date + (
            stay * 35
            + floor(28 * draw(child_number, 'stay day', stay * 100 + referral_number))
        )::integer)::date as stay_date,
        1
        + floor(3 * draw(child_number, 'nights', stay * 100 + referral_number))::integer
            as nights,
    from stays
)

select
    child_number,
    referral_number,
    0,
    stay_date,
    (stay_date + nights)::date,
    'short_break_stay',
    'E8',
    'N2',
from dated_stays
where stay_date <= getvariable('last_day')
union all
select
    child_number,
    referral_number,
    0,
    series_start_date,
    series_end_date,
    'short_break_agreement',
    'E8',
    'N2',
from short_break_series
where is_agreement;
