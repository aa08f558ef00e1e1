-- The legal statuses that a period goes through, by the path that its route takes.
create or replace temp table legal_spell as
with drawn as (
    select
        *,
        if(
            route = 'long_term' and age_at_start >= 12,
            'long_term older',
            route
        ) as stratum,
        draw(child_number, 'legal path', period_number) as u_path,
    from period
),

-- Care by agreement of the parents alone gave way to care orders over the years: its
-- stretch of the line shrinks, and the other paths share the rest as before.
tilted as (
    select
        drawn.*,
        coalesce(voluntary.u_to, 0) as voluntary_to,
        least(voluntary_to * year_setting.voluntary_factor, 0.95) as tilted_to,
    from drawn
    inner join year_setting
        on reporting_year_of(drawn.period_start_date) = year_setting.reporting_year
    left join choice_range as voluntary
        on voluntary.what = 'legal_path'
        and voluntary.code = 'V2'
        and voluntary.u_from = 0
        and drawn.route not in ('unaccompanied', 'home_soon')
        and drawn.stratum = voluntary.stratum
),

pathed as (
    select
        tilted.*,
        path.code as legal_path,
    from tilted
    inner join choice_range as path
        on path.what = 'legal_path'
        and tilted.stratum = path.stratum
        and falls_in(
            if(
                tilted.u_path < tilted.tilted_to,
                tilted.u_path * tilted.voluntary_to / tilted.tilted_to,
                1
                - (1 - tilted.u_path)
                * (1 - tilted.voluntary_to)
                / (1 - tilted.tilted_to)
            ),
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
