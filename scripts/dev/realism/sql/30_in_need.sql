-- Without a reference, a copy of a row looks like a second child. So all rows are counted,
-- and the share of copies is taken to be that of rows with a reference.
create or replace temp view need_row as
select
    *,
    academic_year_end as reporting_year,
    make_date(academic_year_end - 1, 4, 1) as first_day,
    make_date(academic_year_end, 3, 31) as last_day,
    -- Not closed without further action, and not found to be without need.
    not coalesce(is_referral_nfa, false)
    and coalesce(reason_for_closure_code, '') != 'RC8' as is_need,
    cpp_start_date between first_day and last_day as is_plan_start,
    cpp_start_date <= last_day
    and coalesce(cpp_end_date > last_day, true) as is_on_plan,
from wh.staging.stg_cin;

-- One row per referral. The extract repeats it in every year in which it was open.
create or replace temp table pupil_referral as
select
    pupil_id,
    referral_date,
    bool_or(is_referral_nfa) as is_nfa,
    coalesce(bool_or(reason_for_closure_code = 'RC8'), false) as is_not_in_need,
from need_row
where pupil_id is not null
    and referral_date is not null
group by pupil_id, referral_date;

create or replace temp table referral_in_year as
select
    *,
    year_of(referral_date) as reporting_year,
    referral_date - lag(referral_date) over (
        partition by pupil_id
        order by referral_date
    ) as days_since_last,
from pupil_referral
-- The extract begins in October 2008.
where reporting_year >= 2010;

-- A row without a reference cannot be followed into a later year.
insert into counted by name
select 'in need on 31 March' as series, reporting_year, pupil_id
from need_row
where is_child_in_need_31_march
union all
select 'referrals', reporting_year, pupil_id || referral_date
from referral_in_year
union all
select 'referrals', reporting_year, null
from need_row
where pupil_id is null
    and referral_date >= first_day
    and reporting_year >= 2010
union all
select 'need episodes started', reporting_year, pupil_id || referral_date
from referral_in_year
where not coalesce(is_nfa, false)
    and not is_not_in_need
union all
select 'need episodes started', reporting_year, null
from need_row
where pupil_id is null
    and is_need
    and referral_date >= first_day
union all
-- Until 2012 the ends of plans are not in the extract.
select 'plans on 31 March', reporting_year, pupil_id
from need_row
where is_on_plan
    and reporting_year >= 2013
union all
select 'plans started', reporting_year, pupil_id || cpp_start_date
from need_row
where is_plan_start
    and reporting_year >= 2010;

insert into counted by name
with lengths as (
    select 'length of plans on 31 March' as series, *, last_day - cpp_start_date as days
    from need_row
    where is_on_plan
        and reporting_year >= 2013
    union all
    select 'length of need on 31 March', *, last_day - referral_date
    from need_row
    where is_child_in_need_31_march
        and referral_date is not null
    union all
    select
        'length of need on ending',
        * replace (pupil_id || referral_date as pupil_id),
        closure_date - referral_date,
    from need_row
    where closure_date between first_day and last_day
        and closure_date >= referral_date
        and is_need
)

select
    series,
    reporting_year,
    pupil_id,
    case
        when days < 92 then 'under 3 months'
        when days < 183 then '3 to 6 months'
        when days < 366 then '6 to 12 months'
        when days < 731 then '1 to 2 years'
        else '2 years or more'
    end as category,
from lengths;

insert into counted by name
select 'need episodes ended' as series, reporting_year, pupil_id
from counted
where series = 'length of need on ending';
