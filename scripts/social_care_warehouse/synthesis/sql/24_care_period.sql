-- From the start of a period of care to its end. Used in every round, and for those in
-- care alone,
-- so it reads `care_start` and leaves `round_care`; a route already given is kept.
create or replace temp table round_care as
with aged as (
    select
        *,
        age_band_of(age_on(birth_date, period_start_date)) as age_band,
        reporting_year_of(period_start_date) as reporting_year,
        draw(child_number, 'route', draw_number) as u_route,
    from care_start
    where period_start_date < adult_date
        and period_start_date <= getvariable('last_day')
),

-- Adoption rose and fell over the years: its stretch of the line grows or shrinks, and
-- the other routes share the rest as before.
tilted as (
    select
        aged.*,
        year_care.stay_factor,
        coalesce(adoption.u_to, 0) as adoption_to,
        least(adoption_to * year_setting.adoption_factor, 0.95) as tilted_to,
    from aged
    inner join year_setting
        on aged.reporting_year = year_setting.reporting_year
    inner join year_care
        on aged.reporting_year = year_care.reporting_year
        and aged.age_band = year_care.age_band
    left join choice_range as adoption
        on adoption.what = 'care_route'
        and adoption.code = 'adoption'
        and aged.age_band = adoption.stratum
),

routed as (
    select
        starts.*,
        coalesce(starts.given_route, route.code) as route,
        draw(starts.child_number, 'period length', starts.draw_number) as u_length,
        draw(starts.child_number, 'end reason', starts.draw_number) as u_reason,
        draw(starts.child_number, 'care need', starts.draw_number) as u_need,
    from tilted as starts
    inner join choice_range as route
        on route.what = 'care_route'
        and starts.age_band = route.stratum
        and falls_in(
            if(
                starts.u_route < starts.tilted_to,
                starts.u_route * starts.adoption_to / starts.tilted_to,
                1
                - (1 - starts.u_route)
                * (1 - starts.adoption_to)
                / (1 - starts.tilted_to)
            ),
            route.u_from,
            route.u_to
        )
),

-- Long-term care and unaccompanied children have no length of their own: they stay to
-- 18.
ended as (
    select
        routed.*,
        -- Not by coalesce: greatest and least skip a NULL.
        least(
            if(
                duration_range.what is null,
                routed.adult_date,
                routed.period_start_date
                + greatest(
                    1,
                    round(
                        length_of(routed.u_length, duration_range.curve)
                        * routed.stay_factor
                    )::integer
                )
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
