-- Where the child lived in a period of care: the first placement and every move.
create or replace temp table placement_spell as
with expected as (
    select
        *,
        if(
            is_short_break or route = 'remand',
            0.05,
            setting('moves_start') * least(1, days / 60.0)
            + setting('moves_per_year') * greatest(0, days / 365.25 - 0.16)
        ) as mean_moves,
        draw(child_number, 'moves', period_number) as u_moves,
    from period
),

-- Few children move very often: moves are spread as in a geometric distribution.
counted as (
    select
        *,
        if(
            is_short_break,
            0,
            least(25, floor(ln(1 - u_moves) / ln(mean_moves / (1 + mean_moves))))::integer
        ) as n_moves,
    from expected
),

-- Moves come more often early in a period.
moved as (
    select
        *,
        unnest(range(0, n_moves + 1)) as move,
    from counted
),

dated as (
    select
        *,
        if(
            move = 0,
            0,
            floor(days * pow(
                (move - 0.9 * draw(child_number, 'move day', period_number * 100 + move))
                / (n_moves + 1),
                1.5
            ))
        )::integer as from_day,
        null::varchar as given_stratum,
    from moved
),

-- The last placement before an adoption is with the adopters, after the order that allows it.
allowed as (
    select child_number, period_number, max(from_day) as order_day
    from legal_spell
    where legal_status in ('E1', 'D1')
    group by child_number, period_number
),

adopters as (
    select
        period.*,
        99 as move,
        greatest(
            floor(period.days * (
                0.5 + 0.3 * draw(period.child_number, 'adopters', period.period_number)
            )),
            coalesce(allowed.order_day + 7, 0)
        )::integer as from_day,
        'adoption' as given_stratum,
    from period
    left join allowed
        on period.child_number = allowed.child_number
        and period.period_number = allowed.period_number
    where period.end_reason in ('E11', 'E12')
),

together as (
    select * exclude (mean_moves, u_moves, n_moves) from dated
    union all by name
    select * from adopters
),

-- A move on the day of another move, or after joining the adopters, did not happen.
kept as (
    select *
    from together
    where from_day < days
    qualify
        from_day < coalesce(min(if(given_stratum = 'adoption', from_day, null)) over (
            partition by child_number, period_number
        ), days + 1)
        + if(given_stratum = 'adoption', 1, 0)
        and row_number() over (
            partition by child_number, period_number, from_day
            order by move desc
        ) = 1
)

select
    kept.child_number,
    kept.period_number,
    kept.from_day,
    kept.move,
    kept.route,
    kind.code as placement_kind,
    draw(kept.child_number, 'long term', kept.period_number * 100 + kept.move)
    < setting('foster_long_term_share')
    and (kept.from_day > 365 or (kept.route = 'long_term' and kept.from_day > 60))
        as is_long_term,
from kept
inner join choice_range as kind
    on kind.what = 'placement'
    and case
        when kept.given_stratum is not null then kept.given_stratum
        when kept.route = 'remand' then 'remand'
        when kept.is_short_break then 'short break'
        else age_band_of(age_on(
            kept.birth_date, (kept.period_start_date + kept.from_day)::date
        ))
    end = kind.stratum
    and draw(kept.child_number, 'placement', kept.period_number * 100 + kept.move) >= kind.u_from
    and draw(kept.child_number, 'placement', kept.period_number * 100 + kept.move) < kind.u_to;
