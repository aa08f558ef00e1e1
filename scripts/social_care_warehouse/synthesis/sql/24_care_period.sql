-- From the start of a period of care to its end. Used in every round, and for those in
-- care alone,
-- so it reads `care_start` and leaves `round_care`; a route already given is kept.
create or replace temp table round_care as
with routed as (
    select
        starts.*,
        coalesce(starts.given_route, route.code) as route,
        draw(starts.child_number, 'period length', starts.draw_number) as u_length,
        draw(starts.child_number, 'end reason', starts.draw_number) as u_reason,
        draw(starts.child_number, 'care need', starts.draw_number) as u_need,
    from care_start as starts
    inner join choice_range as route
        on route.what = 'care_route'
        and age_band_of(age_on(starts.birth_date, starts.period_start_date))
        = route.stratum
        and falls_in(
            draw(starts.child_number, 'route', starts.draw_number),
            route.u_from,
            route.u_to
        )
    where starts.period_start_date < starts.adult_date
        and starts.period_start_date <= getvariable('last_day')
),

-- Long-term care and unaccompanied children have no length of their own: they stay to
-- 18.
ended as (
    select
        routed.*,
        -- Not by coalesce: greatest and least pass over a NULL in silence.
        least(
            if(
                duration_range.what is null,
                routed.adult_date,
                routed.period_start_date
                + greatest(1, length_of(routed.u_length, duration_range.curve))
            ),
            routed.adult_date
        )::date as period_end_date,
    from routed
    left join duration_range
        on routed.route = duration_range.what
        and falls_in(routed.u_length, duration_range.u_from, duration_range.u_to)
),

reasoned as (
    select
        *,
        case
            when period_end_date >= adult_date then 'at 18'
            when route in ('home_soon', 'home_later', 'home_after_years') then 'home'
            else route
        end
        || if(
            period_end_date >= date '2014-04-01'
            and period_end_date < adult_date
            and route != 'adoption',
            ' from 2014',
            ''
        ) as reason_stratum,
        case
            when route in ('unaccompanied', 'remand') then route
            else 'usual'
        end as need_stratum,
    from ended
)

select
    reasoned.child_number,
    reasoned.referral_number,
    reasoned.care_number,
    reasoned.period_start_date,
    reasoned.period_end_date,
    reasoned.route,
    reason.code as end_reason,
    need.code as care_need,
from reasoned
inner join choice_range as reason
    on reason.what = 'end_reason'
    and reasoned.reason_stratum = reason.stratum
    and falls_in(reasoned.u_reason, reason.u_from, reason.u_to)
inner join choice_range as need
    on need.what = 'care_need'
    and reasoned.need_stratum = need.stratum
    and falls_in(reasoned.u_need, need.u_from, need.u_to);
