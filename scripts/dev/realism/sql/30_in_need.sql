-- Without a reference, a copy of a row looks like a second child. So all rows are counted,
-- and the share of copies is taken to be that of rows with a reference.
create or replace temp view need_row as
select *
from wh.staging.stg_cin;

-- One row per referral. The extract repeats it in every year in which it was open.

create or replace temp table pupil_referral as
select
    pupil_id,
    referral_date,
    bool_or(is_referral_nfa) as is_nfa,
    coalesce(bool_or(reason_for_closure_code = 'RC8'), false) as is_not_in_need,
    min(closure_date) as closure_date,
from need_row
where pupil_id is not null
    and referral_date is not null
group by pupil_id, referral_date;

create or replace temp table referral_in_year as
select
    pupil_referral.*,
    reporting_year.reporting_year,
    pupil_referral.referral_date - lag(pupil_referral.referral_date) over (
        partition by pupil_referral.pupil_id
        order by pupil_referral.referral_date
    ) as days_since_last,
from pupil_referral
inner join reporting_year
    on pupil_referral.referral_date
    between reporting_year.first_day and reporting_year.last_day
-- The extract begins in October 2008.
where reporting_year.reporting_year >= 2010;

insert into counted
select
    'in need on 31 March',
    'all',
    academic_year_end,
    pupil_id,
    1,
from need_row
where is_child_in_need_31_march;

insert into counted
select 'referrals', 'all', reporting_year, pupil_id || referral_date, 1
from referral_in_year
union all
select 'referrals', 'all', academic_year_end, null, 1
from need_row
where pupil_id is null
    and referral_date >= make_date(academic_year_end - 1, 4, 1)
    and academic_year_end >= 2010;

-- Referrals that led to need: not closed without further action, and not found to be
-- without need. A row without a reference cannot be followed into a later year.
insert into counted
select 'need episodes started', 'all', reporting_year, pupil_id || referral_date, 1
from referral_in_year
where not coalesce(is_nfa, false)
    and not is_not_in_need
union all
select 'need episodes started', 'all', academic_year_end, null, 1
from need_row
where pupil_id is null
    and not coalesce(is_referral_nfa, false)
    and coalesce(reason_for_closure_code, '') != 'RC8'
    and referral_date >= make_date(academic_year_end - 1, 4, 1);

insert into counted
select
    'plans on 31 March',
    'all',
    academic_year_end,
    pupil_id,
    1,
from need_row
where cpp_start_date <= make_date(academic_year_end, 3, 31)
    and coalesce(cpp_end_date > make_date(academic_year_end, 3, 31), true)
    -- Until 2012 the ends of plans are not in the extract.
    and academic_year_end >= 2013;

insert into counted
select
    'plans started',
    'all',
    academic_year_end,
    pupil_id || cpp_start_date,
    1,
from need_row
where cpp_start_date
    between make_date(academic_year_end - 1, 4, 1)
    and make_date(academic_year_end, 3, 31)
    and academic_year_end >= 2010;

insert into counted
select
    'length of plans on 31 March',
    length_category(make_date(academic_year_end, 3, 31) - cpp_start_date),
    academic_year_end,
    pupil_id,
    1,
from need_row
where cpp_start_date <= make_date(academic_year_end, 3, 31)
    and coalesce(cpp_end_date > make_date(academic_year_end, 3, 31), true)
    and academic_year_end >= 2013;

insert into counted
select
    'length of need on 31 March',
    length_category(make_date(academic_year_end, 3, 31) - referral_date),
    academic_year_end,
    pupil_id,
    1,
from need_row
where is_child_in_need_31_march
    and referral_date is not null;

insert into counted
select
    'length of need on ending',
    length_category(closure_date - referral_date),
    academic_year_end,
    pupil_id || referral_date,
    1,
from need_row
where closure_date
    between make_date(academic_year_end - 1, 4, 1)
    and make_date(academic_year_end, 3, 31)
    and closure_date >= referral_date
    and not coalesce(is_referral_nfa, false)
    and coalesce(reason_for_closure_code, '') != 'RC8';

insert into counted
select series, 'all', reporting_year, pupil_id, n_rows
from (
    select 'need episodes ended' as series, * exclude (series)
    from counted
    where series = 'length of need on ending'
);
