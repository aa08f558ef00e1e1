-- Care that no referral led to: remand by a court, children who came to England alone,
-- and the few found in the care extract alone.
create or replace temp table care_start as
with remanded as (
    select
        child_number,
        birth_date,
        adult_date,
        100 as draw_number,
        'remand' as given_route,
        (
            birth_date
            + floor(
                365.25 * (12 + 5.9 * sqrt(draw(child_number, 'remand age', 0)))
            )::integer
        )::date as period_start_date,
        if(gender = 'M', 1.85, 0.1) as chance_factor,
    from child
),

-- From 3 December 2012 every remanded child is looked after; before, only some were.
remanded_in_year as (
    select remanded.*
    from remanded
    inner join year_setting
        on reporting_year_of(remanded.period_start_date) = year_setting.reporting_year
    where draw(remanded.child_number, 'remanded', 0)
        < setting('remand_share') * year_setting.remand_factor * remanded.chance_factor
),

-- Most children who come to England without their parents are boys of 16 and 17.
arrived as (
    select
        child_number,
        birth_date,
        adult_date,
        102 as draw_number,
        'unaccompanied' as given_route,
        (
            birth_date
            + floor(
                365.25
                * (13.5 + 4.3 * sqrt(draw(child_number, 'unaccompanied age', 0)))
            )::integer
        )::date as period_start_date,
        if(gender = 'M', 1.75, 0.2) * unaccompanied_factor as chance_factor,
    from child
    anti join referral on child.child_number = referral.child_number
),

arrived_in_year as (
    select arrived.*
    from arrived
    inner join year_setting
        on reporting_year_of(arrived.period_start_date) = year_setting.reporting_year
    where draw(arrived.child_number, 'unaccompanied', 0)
        < year_setting.unaccompanied_share * arrived.chance_factor
),

alone as (
    select
        child.child_number,
        child.birth_date,
        child.adult_date,
        101 as draw_number,
        null as given_route,
        (
            child.birth_date
            + floor(
                365.25 * 18 * draw(child.child_number, 'care alone age', 0)
            )::integer
        )::date as period_start_date,
    from child
    anti join referral on child.child_number = referral.child_number
    where draw(child.child_number, 'care alone', 0) < setting('care_only_share')
),

together as (
    select * exclude (chance_factor) from remanded_in_year
    union all by name
    select * exclude (chance_factor) from arrived_in_year
    union all by name
    select * from alone
)

select
    *,
    if(given_route = 'unaccompanied', 1, null)::integer as referral_number,
    0 as care_number,
from together
-- One of the three at most, so that they cannot overlap.
qualify row_number() over (partition by child_number order by draw_number) = 1;
