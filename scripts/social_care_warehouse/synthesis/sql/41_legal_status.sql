-- The legal statuses that a period goes through, by the path that its route takes.
create or replace temp table legal_spell as
with pathed as (
    select
        period.*,
        path.code as legal_path,
    from period
    inner join choice_range as path
        on path.what = 'legal_path'
        and if(
            period.route = 'long_term' and period.age_at_start >= 12,
            'long_term older',
            period.route
        ) = path.stratum
        and falls_in(
            draw(period.child_number, 'legal path', period.period_number),
            path.u_from,
            path.u_to
        )
),

-- Care proceedings took about a year until the limit of 26 weeks came in 2014.
staged as (
    select
        pathed.child_number,
        pathed.period_number,
        pathed.period_start_date,
        pathed.route,
        pathed.days,
        legal_stage.code,
        floor(
            (
                legal_stage.from_day
                + (legal_stage.to_day - legal_stage.from_day)
                * draw(
                    pathed.child_number,
                    'legal stage',
                    pathed.period_number * 10 + legal_stage.stage
                )
            )
            * if(legal_stage.from_day > 200, year_setting.proceedings_factor, 1)
        )::integer as path_day,
    from pathed
    inner join legal_stage on pathed.legal_path = legal_stage.legal_path
    inner join year_setting
        on reporting_year_of(pathed.period_start_date) = year_setting.reporting_year
),

-- A placement order comes well before the adoption that it allows.
placed as (
    select
        *,
        if(
            route = 'adoption' and code = 'E1',
            least(path_day, floor(days * 0.45)::integer),
            path_day
        ) as from_day,
    from staged
),

short_breaks as (
    select
        child_number,
        period_number,
        0 as from_day,
        if(route = 'short_break_stay', 'V3', 'V4') as legal_status,
    from period
    where is_short_break
)

select
    child_number,
    period_number,
    from_day,
    -- Freeing orders gave way to placement orders on 30 December 2005.
    if(
        code = 'E1' and period_start_date + from_day < date '2005-12-30',
        'D1',
        code
    ) as legal_status,
from placed
where from_day < days
union all
select * from short_breaks;
