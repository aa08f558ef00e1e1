-- Where a child stood with social care on 31 March of each school year.
create or replace temp table status_on_day as
with spells as (
    select child_number, referral_date as from_date, closure_date as to_date, 1 as rank
    from referral
    where outcome = 'need'
    union all
    select child_number, plan_start_date, plan_end_date, 2 from plan
    union all
    select child_number, period_start_date, period_end_date, 3
    from period
    where not is_short_break
    union all
    select child_number, period_start_date + 365, period_end_date, 4
    from period
    where not is_short_break and period_end_date > period_start_date + 365
),

years as (
    select
        child_number,
        rank,
        unnest(range(reporting_year_of(from_date), reporting_year_of(to_date)))
            as school_year,
    from spells
    where to_date > from_date
)

select
    child_number,
    school_year::integer as school_year,
    max(rank) as rank,
from years
group by all;

-- The first time of each kind of contact, for the years after it.
create or replace temp table contact as
with dates as (
    select
        child_number,
        referral_date as contact_date,
        closure_date as end_date,
        'referral' as kind,
    from referral
    union all
    select child_number, referral_date, closure_date, 'need'
    from referral
    where outcome = 'need'
    union all
    select child_number, period_start_date, period_end_date, 'care'
    from period
    where not is_short_break
),

aged as (
    select
        dates.*,
        dates.contact_date >= pupil_trait.birth_date + to_years(10) as is_from_10,
    from dates
    left join pupil_trait on dates.child_number = pupil_trait.child_number
)

select
    child_number,
    min(contact_date) as first_contact_date,
    min(contact_date) filter (where kind = 'need') as first_need_date,
    max(end_date) filter (where kind in ('need', 'care')) as last_need_date,
    min(contact_date) filter (where kind = 'care') as first_care_date,
    min(contact_date) filter (where kind in ('need', 'care') and is_from_10)
        as first_need_from_10_date,
    coalesce(bool_or(kind = 'care' and is_from_10), false) as has_care_from_10,
from aged
group by child_number;
