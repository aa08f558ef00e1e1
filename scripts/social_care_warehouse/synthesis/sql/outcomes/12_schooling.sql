-- One row per pupil and school year in the school system of England, from reception to
-- year 11. A school year is named by the year in which it ends.
create or replace temp table schooling as
with years as (
    select
        trait.child_number,
        trait.cohort + 6 + trait.is_kept_back::integer as reception_year,
        unnest(range(
            greatest(
                getvariable('first_school_year'),
                reception_year + trait.first_year_group,
                coalesce(arrival.school_year, 0)
            ),
            least(getvariable('until'), reception_year + trait.last_year_group) + 1
        ))::integer as school_year,
    from pupil_trait as trait
    left join arrival on trait.child_number = arrival.child_number
),

stood as (
    select
        years.child_number,
        years.school_year,
        (years.school_year - years.reception_year)::integer as year_group,
        make_date(years.school_year, 3, 31) as day,
        status_on_day.rank,
        contact.first_contact_date <= day as had_contact,
        contact.first_need_date <= day as had_need,
        contact.first_care_date <= day as had_care,
    from years
    left join status_on_day
        on years.child_number = status_on_day.child_number
        and years.school_year = status_on_day.school_year
    left join contact on years.child_number = contact.child_number
    left join death on years.child_number = death.child_number
    -- The school year of a death is left out, so that nothing in it is later.
    where coalesce(death.death_date >= make_date(years.school_year, 8, 31), true)
)

select
    stood.child_number,
    stood.school_year,
    stood.year_group,
    (stood.school_year - trait.cohort - 2)::integer as age_at_start,
    case
        when stood.rank = 4 then 'looked after twelve months'
        when stood.rank = 3 then 'looked after'
        when stood.rank = 2 then 'on a plan'
        when stood.rank = 1 then 'in need'
        when stood.had_care then 'was looked after'
        when stood.had_need then 'was in need'
        when stood.had_contact then 'referral only'
        else 'no social care contact'
    end as status,
    case
        when trait.is_special or trait.has_statement then 'statement'
        when stood.year_group >= trait.support_from_year_group
        -- Three times at school it is seen again who needs support.
        and draw(
            stood.child_number,
            'support',
            if(trait.is_support_lasting, 0, stood.year_group // 4)
        ) < trait.support_factor * school_year_setting.sen_support_share then 'support'
        else 'none'
    end as special_need,
    case
        when trait.is_special then 'special'
        when trait.is_independent
        and (
            stood.year_group >= 7
            or draw(stood.child_number, 'independent from the start', 0)
            < setting('independent_primary_share')
        ) then 'independent'
        else 'state'
    end as sector,
    -- There are no free meals at independent schools.
    sector != 'independent'
    and draw(stood.child_number, 'free meals', stood.school_year)
    < if(
        trait.is_poor,
        setting('free_meals_share_poor'),
        setting('free_meals_share_others')
    ) as is_free_meals,
from stood
inner join pupil_trait as trait on stood.child_number = trait.child_number
inner join school_year_setting
    on stood.school_year = school_year_setting.school_year;
