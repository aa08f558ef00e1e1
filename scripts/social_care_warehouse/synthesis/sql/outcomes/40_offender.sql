-- Who ever offends, and the day of the first offence. What counts is the highest contact
-- with social care, sex, conduct, ethnic group, the area, and when the child was born.
-- The draw is that of the MoJ identifier.
create or replace temp table offender as
with chances as (
    select
        trait.child_number,
        trait.birth_date,
        trait.birth_month,
        trait.gender,
        trait.highest_intervention,
        trait.conduct,
        trait.more_occasions,
        trait.custody_factor,
        draw(trait.child_number, 'offender', 0) as u_offender,
        contact.last_need_date,
        offence_cohort.youth_share
        * setting('youth_scale')
        * trait.offence_factor
        * trait.authority_offence_factor
        * offence_ethnic_group.offence_factor
        * if(
            trait.gender = 'M',
            setting('offence_male_factor'),
            setting('offence_female_factor')
        )
        * if(trait.is_poor, 1.8, 0.75)
        * if(
            contact.last_need_date >= trait.birth_date + to_years(10),
            setting('need_as_teenager_factor'),
            setting('need_as_child_factor')
        )
        * (0.05 + 0.95 * pow(trait.conduct, 1.2) / 1.297) as youth_chance,
    from pupil_trait as trait
    inner join offence_cohort on trait.cohort = offence_cohort.cohort_start_year
    inner join offence_ethnic_group on trait.ethnic_group = offence_ethnic_group.code
    left join contact on trait.child_number = contact.child_number
),

-- A child remanded to care has offended before.
remanded as (
    select child_number, min(period_start_date) as remand_date
    from period
    where route = 'remand'
    group by child_number
),

drawn as (
    select
        chances.*,
        remanded.remand_date,
        if(u_offender < least(0.85, youth_chance), 'youth', 'adult') as kind,
        -- An offence leads to contact with social care as well as the other way round.
        draw(chances.child_number, 'offence age', 0) as u_age,
        draw(chances.child_number, 'offence age', 1) as u_other_age,
        draw(chances.child_number, 'offence before contact', 0)
        < setting('offence_before_contact_share') as is_early,
    from chances
    left join remanded on chances.child_number = remanded.child_number
    where u_offender < least(0.85, youth_chance) * (1 + setting('adult_ratio'))
        or remanded.child_number is not null
),

aged as (
    select
        drawn.*,
        (birth_date + floor(365.25 * (
            first.age + (u_age - first.u_from) / (first.u_to - first.u_from)
        ))::integer)::date as one_date,
        (birth_date + floor(365.25 * (
            other.age + (u_other_age - other.u_from) / (other.u_to - other.u_from)
        ))::integer)::date as other_date,
    from drawn
    inner join offence_age_range as first
        on drawn.kind = first.kind
        and falls_in(drawn.u_age, first.u_from, first.u_to)
    inner join offence_age_range as other
        on drawn.kind = other.kind
        and falls_in(drawn.u_other_age, other.u_from, other.u_to)
)

select
    child_number,
    birth_month,
    gender,
    highest_intervention,
    conduct,
    more_occasions,
    custody_factor,
    remand_date,
    case
        when is_early and last_need_date >= birth_date + to_years(10)
            then least(one_date, other_date)
        else one_date
    end as first_offence_date,
from aged;
