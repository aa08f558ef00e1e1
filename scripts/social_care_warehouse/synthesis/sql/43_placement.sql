-- Where the child lived after each move.
create or replace temp table placement_spell as
with drawn as (
    select
        *,
        draw(child_number, 'placement', period_number * 100 + move) as u_placement,
        draw(child_number, 'long term', period_number * 100 + move) as u_long_term,
        case
            when given_stratum is not null then given_stratum
            when route = 'remand' then 'remand'
            when is_short_break then 'short break'
            else age_band_of(age_on(birth_date, (period_start_date + from_day)::date))
        end as stratum,
    from move_made
)

select
    drawn.child_number,
    drawn.period_number,
    drawn.from_day,
    kind.code as placement_kind,
    drawn.u_long_term < setting('foster_long_term_share')
    and (drawn.from_day > 365 or (drawn.route = 'long_term' and drawn.from_day > 60))
        as is_long_term,
from drawn
inner join choice_range as kind
    on kind.what = 'placement'
    and drawn.stratum = kind.stratum
    and falls_in(drawn.u_placement, kind.u_from, kind.u_to);
