-- When the child moved in a period of care; the first placement is move 0.
create or replace temp table move_made as
with expected as (
    select
        *,
        setting('moves_start')
        * pow(least(1, days / setting('moves_start_days')), 0.55) as moves_early,
        setting('moves_per_year') * days / 365.25 as moves_late,
        if(
            is_short_break or route = 'remand',
            0.05,
            moves_early + moves_late
        ) as mean_moves,
        draw(child_number, 'moves', period_number) as u_moves,
        draw(child_number, 'more moves', period_number) as u_more_moves,
    from period
),

-- Moves are the sum of two geometric numbers, one of them mostly small, which fits the
-- published numbers of placements better than one does.
counted as (
    select
        *,
        if(
            is_short_break,
            0,
            least(
                25,
                floor(ln(1 - u_moves) / ln(1 - 1 / (
                    1 + (1 - setting('moves_few_children_share')) * mean_moves
                )))
                + floor(ln(1 - u_more_moves) / ln(1 - 1 / (
                    1 + setting('moves_few_children_share') * mean_moves
                )))
            )::integer
        ) as n_moves,
    from expected
),

-- Most moves come early in a period, or towards its end on the way out of care; the
-- others at any time. Some keep their distance: children are seldom moved on at once.
moved as (
    select
        *,
        unnest(range(0, n_moves + 1)) as move,
    from counted
),

dated as (
    select
        *,
        draw(child_number, 'when to move', period_number * 100 + move) as u_when,
        draw(child_number, 'move day', period_number * 100 + move) as u_day,
        if(
            draw(child_number, 'any time', period_number * 100 + move)
            < setting('moves_any_time_share'),
            u_day,
            (move - 1 + u_day) / greatest(n_moves, 1)
        ) as part,
        if(
            move = 0,
            0,
            floor(
                case
                    when u_when < moves_late / mean_moves then days * part
                    when u_when
                        < 1 - setting('moves_leaving_share') * moves_early / mean_moves
                        then least(days, 2000) * pow(part, 0.6)
                    else days - least(days, 950) * (1 - part)
                end
            )
        )::integer as from_day,
        null::varchar as given_stratum,
    from moved
),

-- The last placement before an adoption is with the adopters, after the order that
-- allows it.
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
    select * exclude (
        mean_moves, moves_early, moves_late, u_moves, u_more_moves,
        n_moves, u_when, u_day, part
    ) from dated
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

select * from kept;
