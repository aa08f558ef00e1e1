-- Who ever offends, and the day of the first offence. What counts is the highest contact
-- with social care, sex, conduct, ethnic group, the area, and when the child was born.
-- The draw is that of the MoJ identifier.
create or replace temp table first_offence as
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
        trait.violence_factor,
        if(
            contact.last_need_date >= trait.birth_date + to_years(10),
            setting('adult_custody_need_from_10_factor'),
            setting('adult_custody_others_factor')
        ) as adult_custody_factor,
        draw(trait.child_number, 'offender', 0) as u_offender,
        contact.first_need_from_10_date,
        coalesce(contact.has_care_from_10, false) as has_care_from_10,
        trait.authority_offence_factor,
        offence_cohort.youth_share
        * setting('youth_scale')
        * trait.offence_factor
        * offence_ethnic_group.offence_factor
        * if(
            trait.gender = 'M',
            setting('offence_male_factor'),
            setting('offence_female_factor')
        )
        * if(trait.is_poor, 1.45, 0.86)
        * case
            when contact.has_care_from_10 then setting('care_as_teenager_factor')
            when contact.first_need_date >= trait.birth_date + to_years(10)
                then setting('need_first_as_teenager_factor')
            when contact.last_need_date >= trait.birth_date + to_years(10)
                then setting('need_as_teenager_factor')
            else setting('need_as_child_factor')
        end
        -- Those who were ever suspended offend more often than their conduct alone suggests.
        * if(
            suspended.child_number is null,
            setting('offence_never_suspended_factor'),
            setting('offence_ever_suspended_factor')
        )
        * if(
            school.has_special_needs,
            if(school.has_statement, setting('offence_statement_factor'), 1),
            setting('offence_never_special_needs_factor')
        )
        * if(
            school.was_in_referral_unit,
            setting('offence_referral_unit_factor'),
            1
        )
        * (0.05 + 0.95 * pow(trait.conduct, 1.25) / 1.397) as youth_chance,
        suspended.child_number is not null as is_ever_suspended,
        coalesce(suspended.is_permanent, false) as is_permanently_excluded,
    from pupil_trait as trait
    inner join offence_cohort on trait.cohort = offence_cohort.cohort_start_year
    inner join offence_ethnic_group on trait.ethnic_group = offence_ethnic_group.code
    left join contact on trait.child_number = contact.child_number
    left join (
        select child_number, bool_or(category = 'PERM') as is_permanent
        from exclusion_event
        where category in ('FIXD', 'PERM')
        group by child_number
    ) as suspended on trait.child_number = suspended.child_number
    left join (
        select
            child_number,
            bool_or(special_need != 'none') as has_special_needs,
            bool_or(special_need = 'statement') as has_statement,
            bool_or(sector in ('referral unit', 'alternative provision'))
                as was_in_referral_unit,
        from pupil_year
        group by child_number
    ) as school on trait.child_number = school.child_number
),

-- A child remanded to care has offended before.
remanded as (
    select child_number, min(period_start_date) as remand_date
    from period
    where route = 'remand'
    group by child_number
),

-- The factor of an authority comes after the limit, so that all its children have it.
capped as (
    select
        *,
        least(
            1,
            least(getvariable('largest_youth_chance'), youth_chance)
            * authority_offence_factor
        ) as capped_chance,
        draw(child_number, 'offence before contact', 0)
        < if(
            has_care_from_10,
            setting('offence_before_care_share'),
            setting('offence_before_contact_share')
        )
        and first_need_from_10_date >= birth_date + to_years(11)
        and first_need_from_10_date < birth_date + to_years(18) as leads_to_contact,
        birth_date + 3834 as at_ten_and_a_half,
        draw(child_number, 'until contact', 0) as u_until,
    from chances
),

drawn as (
    select
        capped.*,
        remanded.remand_date,
        if(u_offender < capped_chance, 'youth', 'adult') as kind,
        draw(capped.child_number, 'offence age', 0) as u_age,
        first_need_from_10_date - if(
            draw(capped.child_number, 'contact at once', 0)
            < setting('contact_at_once_share'),
            floor(40 * u_until),
            floor(-setting('days_until_contact') * ln(1 - u_until))
        )::integer as date_before_contact,
    from capped
    left join remanded on capped.child_number = remanded.child_number
    -- Of those who are likely to offend as children, fewer are left to begin later.
    where u_offender
        < capped_chance * (
            1
            + setting('adult_ratio')
            * if(is_ever_suspended, setting('adult_ever_suspended_factor'), 1)
            * if(gender = 'F', setting('adult_female_factor'), 1)
            * if(
                highest_intervention = 'child looked after',
                setting('adult_looked_after_factor'),
                1
            )
            * pow(1 - capped_chance, 2)
        )
        or remanded.child_number is not null
),

aged as (
    select
        drawn.*,
        (birth_date + floor(365.25 * (
            first.age + (u_age - first.u_from) / (first.u_to - first.u_from)
        ))::integer)::date as date_by_age,
    from drawn
    inner join offence_age_range as first
        on drawn.kind = first.kind
        and falls_in(drawn.u_age, first.u_from, first.u_to)
)

-- An offence leads to contact with social care as well as the other way round: to some
-- at once, to others after months or years, but never before the age of ten and a half.
select
    child_number,
    birth_month,
    gender,
    highest_intervention,
    conduct,
    more_occasions,
    custody_factor
    * if(
        is_ever_suspended,
        setting('custody_ever_suspended_factor'),
        setting('custody_never_suspended_factor')
    ) as custody_factor,
    adult_custody_factor,
    -- A factor below 1 makes violence more likely.
    case
        when is_permanently_excluded then setting('violence_excluded_factor')
        when is_ever_suspended then setting('violence_suspended_factor')
        else 1
    end * violence_factor as violence_factor,
    remand_date,
    coalesce(kind = 'youth' and leads_to_contact, false) as is_before_contact,
    case
        when not is_before_contact then date_by_age
        when date_before_contact >= at_ten_and_a_half then date_before_contact
        else
            at_ten_and_a_half
            + floor(u_until * (first_need_from_10_date - at_ten_and_a_half))::integer
    end::date as first_offence_date,
from aged;
