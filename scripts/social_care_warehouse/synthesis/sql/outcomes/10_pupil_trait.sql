-- What each pupil brings to school: the home, conduct, ability, special needs, and the
-- way through the school system. Homes of children known to social care are poorer.
create or replace table pupil_trait as
with described as (
    select
        person.child_number,
        person.birth_date,
        person.birth_month,
        person.gender,
        person.ethnic_group,
        person.la_code,
        authority.neighbour_code,
        authority.offence_factor
        * if(
            person.true_highest_intervention = 'no social care contact',
            1,
            authority.social_care_offence_factor
        ) as authority_offence_factor,
        person.true_highest_intervention as highest_intervention,
        intervention.* exclude (highest_intervention, source),
        (year(person.birth_month) - (month(person.birth_month) < 9)::integer)::integer
            as cohort,
        authority.poverty_shift,
        draw(person.child_number, 'deprivation', 0) as u_deprivation,
        draw(person.child_number, 'conduct', 0) as u_conduct,
    from person
    inner join intervention
        on person.true_highest_intervention = intervention.highest_intervention
    inner join authority on person.la_code = authority.la_code
    where person.is_pupil
),

home as (
    select
        *,
        -- Small in the most deprived areas; on a scale without ends.
        ln(u_deprivation / (1 - u_deprivation)) + deprivation_shift + poverty_shift
            as area_position,
        uneven_factor(u_conduct, 2) as conduct,
        uneven_factor(
            if(
                draw(child_number, 'attends as behaves', 0)
                < setting('attendance_follows_conduct'),
                u_conduct,
                draw(child_number, 'attendance', 0)
            ),
            setting('attendance_person_power')
        ) as truancy,
    from described
),

placed as (
    select
        home.*,
        draw(child_number, 'poor', 0)
        < least(0.97, poor_share * 2 / (1 + exp(area_position))) as is_poor,
        draw(child_number, 'special school', 0) < special_share as is_special,
        draw(child_number, 'independent school', 0)
        < independent_share * 2 / (1 + exp(-area_position)) as is_independent,
        draw(child_number, 'kept back', 0) < setting('kept_back_share') as is_kept_back,
        -- Support at school follows conduct.
        sen_support_shift * (0.1 + 1.8 * u_conduct) as support_factor,
        draw(child_number, 'support stays', 0) < setting('support_stays_share')
            as is_support_lasting,
        floor(5 * draw(child_number, 'support from', 0))::integer
            as support_from_year_group,
        draw(child_number, 'statement', 0)
        < setting('statement_share') * sen_support_shift * (0.1 + 1.8 * u_conduct)
            as has_statement,
        bell_draw(child_number, 'ability', 0) as ability,
        if(
            draw(child_number, 'comes later', 0) < setting('comes_later_share'),
            1 + floor(11 * draw(child_number, 'comes in', 0)),
            0
        )::integer as first_year_group,
        if(
            draw(child_number, 'leaves', 0) < setting('leaves_share'),
            1 + floor(11 * draw(child_number, 'leaves after', 0)),
            11
        )::integer as last_year_group,
        if(
            draw(child_number, 'pupil referral', 0)
            < pupil_referral_share * (0.1 + 0.9 * conduct),
            9 + floor(3 * draw(child_number, 'pupil referral from', 0)),
            null
        )::integer as pupil_referral_from,
        draw(child_number, 'no year group', 0) < setting('no_year_group_share')
            as has_no_year_group,
    from home
)

select * from placed;

-- A child who came to England alone goes to school from then on.
create or replace temp table arrival as
select
    child_number,
    min(reporting_year_of(period_start_date)) as school_year,
from period
where route = 'unaccompanied'
group by child_number;

-- When social care recorded a death.
create or replace temp table death as
with deaths as (
    select child_number, period_end_date as death_date
    from period
    where end_reason = 'E2'
    union all
    select child_number, closure_date
    from referral
    where closure_reason = 'RC2'
)

select child_number, min(death_date) as death_date
from deaths
group by child_number;
