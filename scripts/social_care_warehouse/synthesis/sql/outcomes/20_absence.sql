-- Sessions of each enrolment, by term. A session is half a day. The sixth half-term of
-- the year counts apart. A pupil who moves has two enrolments, one after the other; one
-- with dual registration has two at the same time.
create or replace table attendance as
with enrolments as (
    select
        pupil_year.*,
        unnest(if(enrolment_kind = 'single', [1], [1, 2])) as enrolment,
        0.15 + 0.7 * draw(child_number, 'moves when', school_year) as moved_at,
    from pupil_year
    where sector in ('state', 'special', 'referral unit')
        and year_group >= 1
),

suspended as (
    select
        child_number,
        school_year,
        sum(sessions) filter (where term = 'Autumn')::integer as autumn,
        sum(sessions) filter (where term = 'Spring')::integer as spring,
        sum(sessions) filter (where term = 'Summer')::integer as summer,
    from exclusion_event
    where category = 'FIXD'
    group by child_number, school_year
),

rates as (
    select
        enrolments.child_number,
        enrolments.school_year,
        enrolments.enrolment,
        enrolments.enrolment_kind,
        enrolments.year_group,
        enrolments.moved_at,
        -- Days of term differ a little between schools.
        enrolments.school_la_code || enrolments.school_number::varchar as school,
        suspended.autumn as suspended_autumn,
        suspended.spring as suspended_spring,
        suspended.summer as suspended_summer,
        least(
            0.9,
            year_group.unauthorised
            * school_year_setting.unauthorised_factor
            -- Up to 2012/13 the older year groups missed more than now, the younger less.
            * (
                1
                + (year_group.unauthorised_2013 - 1)
                * least(1, greatest(0, (2015 - enrolments.school_year) / 2))
            )
            -- In special schools and referral units children of different status differ less.
            * case enrolments.sector
                when 'special' then pow(status.unauthorised_factor, 0.5)
                when 'referral unit' then pow(status.unauthorised_factor, 0.3)
                else pow(
                    status.unauthorised_factor,
                    if(enrolments.year_group <= 6, setting('primary_status_power'), 1)
                )
            end
            * if(
                enrolments.status = 'looked after twelve months'
                and enrolments.school_year <= 2011,
                setting('looked_after_unauthorised_factor_to_2011'),
                1
            )
            * if(
                enrolments.status in ('in need', 'on a plan')
                and enrolments.school_year <= 2013,
                setting('in_need_unauthorised_factor_to_2013'),
                1
            )
            * setting('unauthorised_scale')
            * if(enrolments.is_free_meals, 2.2, 0.81)
            * case enrolments.special_need
                when 'support' then 1.3
                when 'statement' then 1.1
                else 0.97
            end
            * case enrolments.sector
                when 'special' then setting('special_unauthorised_factor')
                when 'referral unit' then setting('referral_unit_unauthorised_factor')
                else 1
            end
            * trait.truancy
            * uneven_factor(
                draw(enrolments.child_number, 'truant', enrolments.school_year),
                setting('attendance_year_power')
            )
            -- Of children in care for long, most hardly miss school and a few miss much.
            * uneven_factor(
                draw(enrolments.child_number, 'truant of status', enrolments.school_year),
                status.unauthorised_power
            )
        ) as unauthorised_rate,
        least(
            0.8,
            year_group.authorised
            * school_year_setting.authorised_factor
            * pow(
                status.authorised_factor,
                if(enrolments.year_group <= 6, setting('primary_status_power'), 1)
            )
            * if(
                enrolments.status in ('in need', 'on a plan')
                and enrolments.school_year <= 2013,
                setting('in_need_authorised_factor_to_2013'),
                1
            )
            * setting('authorised_scale')
            * if(enrolments.is_free_meals, 1.35, 0.93)
            * case
                when enrolments.sector != 'state' then 1
                when enrolments.special_need = 'statement'
                    then setting('statement_authorised_factor')
                when enrolments.special_need = 'support'
                    then setting('support_authorised_factor')
                else 1
            end
            * case enrolments.sector
                when 'special' then setting('special_authorised_factor')
                when 'referral unit' then setting('referral_unit_authorised_factor')
                else 1
            end
            * (0.27 + 0.73 * -ln(1 - draw(enrolments.child_number, 'health', 0)))
            * (
                0.4
                + 0.6
                * -ln(1 - draw(enrolments.child_number, 'ill', enrolments.school_year))
            )
            * uneven_factor(
                draw(enrolments.child_number, 'ill of status', enrolments.school_year),
                status.authorised_power
            )
        ) as authorised_rate,
    from enrolments
    inner join pupil_trait as trait
        on enrolments.child_number = trait.child_number
    inner join year_group on enrolments.year_group = year_group.year_group
    inner join school_year_setting
        on enrolments.school_year = school_year_setting.school_year
    inner join social_care_status as status on enrolments.status = status.status
    left join suspended
        on enrolments.child_number = suspended.child_number
        and enrolments.school_year = suspended.school_year
),

-- Year 11 leaves school for its examinations in May.
full_terms as (
    select
        *,
        134 + floor(10 * draw(hash(school) >> 1, 'autumn', school_year))::integer
            as full_autumn,
        106 + floor(10 * draw(hash(school) >> 1, 'spring', school_year))::integer
            as full_spring,
        if(
            year_group = 11,
            48,
            56 + floor(6 * draw(hash(school) >> 1, 'summer', school_year))::integer
        ) as full_summer,
        if(
            year_group = 11,
            10,
            60 + floor(8 * draw(hash(school) >> 1, 'sixth', school_year))::integer
        ) as full_sixth,
        -- The part of each term at this school.
        case
            when enrolment_kind = 'single' then [1, 1, 1, 1]
            when enrolment_kind = 'dual' and enrolment = 1 then [0.6, 0.6, 0.6, 0.6]
            when enrolment_kind = 'dual' then [0.4, 0.4, 0.4, 0.4]
            when enrolment = 1
                then [
                    least(1, moved_at * 2.4),
                    least(1, greatest(0, moved_at * 2.8 - 1.2)),
                    least(1, greatest(0, moved_at * 5 - 4)),
                    0
                ]
            else [
                1 - least(1, moved_at * 2.4),
                1 - least(1, greatest(0, moved_at * 2.8 - 1.2)),
                1 - least(1, greatest(0, moved_at * 5 - 4)),
                1
            ]
        end::double[] as part,
        school_year * 10 + enrolment as draw_number,
    from rates
),

possible as (
    select
        *,
        round(full_autumn * part[1])::integer as possible_autumn,
        round(full_spring * part[2])::integer as possible_spring,
        round(full_summer * part[3])::integer as possible_summer,
        round(full_sixth * part[4])::integer as possible_sixth,
    from full_terms
),

unauthorised as (
    select
        *,
        least(possible_autumn, floor(
            unauthorised_rate * possible_autumn + draw(child_number, 'ua1', draw_number)
        ))::integer as unauthorised_autumn,
        least(possible_spring, floor(
            unauthorised_rate * possible_spring + draw(child_number, 'ua2', draw_number)
        ))::integer as unauthorised_spring,
        least(possible_summer, floor(
            unauthorised_rate * possible_summer + draw(child_number, 'ua3', draw_number)
        ))::integer as unauthorised_summer,
        least(possible_sixth, floor(
            unauthorised_rate * possible_sixth + draw(child_number, 'ua4', draw_number)
        ))::integer as unauthorised_sixth,
    from possible
)

-- Sessions missed by a suspension are authorised absence.
select
    child_number,
    school_year,
    enrolment,
    possible_autumn,
    possible_spring,
    possible_summer,
    possible_sixth,
    unauthorised_autumn,
    unauthorised_spring,
    unauthorised_summer,
    unauthorised_sixth,
    if(enrolment = 1, coalesce(suspended_autumn, 0), 0) as suspended_autumn,
    if(enrolment = 1, coalesce(suspended_spring, 0), 0) as suspended_spring,
    if(enrolment = 1, coalesce(suspended_summer, 0), 0) as suspended_summer,
    least(possible_autumn - unauthorised_autumn, floor(
        authorised_rate * possible_autumn + draw(child_number, 'aa1', draw_number)
    ) + if(enrolment = 1, coalesce(suspended_autumn, 0), 0))::integer
        as authorised_autumn,
    least(possible_spring - unauthorised_spring, floor(
        authorised_rate * possible_spring + draw(child_number, 'aa2', draw_number)
    ) + if(enrolment = 1, coalesce(suspended_spring, 0), 0))::integer
        as authorised_spring,
    least(possible_summer - unauthorised_summer, floor(
        authorised_rate * possible_summer + draw(child_number, 'aa3', draw_number)
    ) + if(enrolment = 1, coalesce(suspended_summer, 0), 0))::integer
        as authorised_summer,
    least(possible_sixth - unauthorised_sixth, floor(
        authorised_rate * possible_sixth + draw(child_number, 'aa4', draw_number)
    ))::integer as authorised_sixth,
from unauthorised;
