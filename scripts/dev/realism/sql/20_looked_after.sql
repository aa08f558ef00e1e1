-- Episodes and periods of pupils, from the marts. Published figures leave out short
-- breaks, except in the series about them.
create or replace temp table pupil_on_31_march as
select
    episode.*,
    reporting_year.reporting_year,
from wh.marts.care_episode as episode
-- An open episode ends, for durations, on the last 31 March on which it was seen.
inner join reporting_year
    on episode.episode_start_date <= reporting_year.last_day
    and (
        episode.episode_end_date > reporting_year.last_day
        or (
            episode.is_censored
            and episode.episode_end_date = reporting_year.last_day
        )
    )
where not episode.is_short_break;

create or replace temp table pupil_start as
select
    period.pupil_id,
    reporting_year.reporting_year,
    min(period.period_start_date) as start_date,
from wh.marts.period_of_care as period
inner join reporting_year
    on period.period_start_date
    between reporting_year.first_day and reporting_year.last_day
where not period.is_short_break
group by period.pupil_id, reporting_year.reporting_year;

-- The last occasion in the year, as published.
create or replace temp table pupil_end as
select
    period.pupil_id,
    reporting_year.reporting_year,
    max(period.period_end_date) as end_date,
    max_by(period.period_start_date, period.period_end_date) as start_date,
    max_by(period.reason_ended_code, period.period_end_date) as reason_code,
    max_by(period.period_days, period.period_end_date) as days,
from wh.marts.period_of_care as period
inner join reporting_year
    on period.period_end_date
    between reporting_year.first_day and reporting_year.last_day
where not period.is_short_break
    and not period.is_censored
group by period.pupil_id, reporting_year.reporting_year;

-- Rows without a pupil reference. Exact copies are one row.
create or replace temp table bare_row as
select distinct * exclude (_source_file, _source_line, _source_row)
from wh.staging.stg_cla
where pupil_id is null;

create or replace temp table care_row as
select distinct
    pupil_id,
    reporting_year,
    episode_start_date,
    episode_end_date,
    legal_status_code,
    placement_code,
    category_of_need_code,
    reason_episode_ceased_code,
    reason_new_episode_code,
from wh.staging.stg_cla
where pupil_id is not null
    and episode_start_date is not null;

insert into counted
select
    'looked after on 31 March',
    'all',
    reporting_year,
    pupil_id,
    1,
from (select distinct reporting_year, pupil_id from pupil_on_31_march)
union all
select
    'looked after on 31 March',
    'all',
    reporting_year,
    null,
    1,
from bare_row
where is_looked_after_31_march
    and coalesce(legal_status_code, '') not in ('V3', 'V4');

insert into counted
select 'started to be looked after', 'all', reporting_year, pupil_id, 1
from pupil_start
union all
select 'started to be looked after', 'all', reporting_year, null, 1
from bare_row
where reason_new_episode_code = 'S'
    and coalesce(legal_status_code, '') not in ('V3', 'V4')
    and episode_start_date >= make_date(reporting_year - 1, 4, 1);

insert into counted
select 'ceased to be looked after', 'all', reporting_year, pupil_id, 1
from pupil_end
union all
select 'ceased to be looked after', 'all', reporting_year, null, 1
from bare_row
where coalesce(legal_status_code, '') not in ('V3', 'V4')
    and reason_episode_ceased_code not in ('X1', '-10');

insert into counted
select
    'adopted from care',
    'all',
    reporting_year,
    pupil_id,
    1,
from pupil_end
where reason_code in ('E11', 'E12')
union all
select 'adopted from care', 'all', reporting_year, null, 1
from bare_row
where reason_episode_ceased_code in ('E11', 'E12');

-- A child was looked after at some time in the year if care was open at the end of the
-- year or ended within it.
insert into counted
select 'looked after at any time in the year', 'all', reporting_year, pupil_id, n_rows
from counted
where series = 'looked after on 31 March'
    and pupil_id is null
union all
select 'looked after at any time in the year', 'all', reporting_year, pupil_id, n_rows
from counted
where series = 'ceased to be looked after'
    and pupil_id is null
union all
select
    'looked after at any time in the year',
    'all',
    right(academic_year, 4)::integer,
    pupil_id,
    1,
from wh.marts.person_year
where in_cla
    and not is_short_breaks_only;

insert into counted
select
    'looked after under short breaks only',
    'all',
    right(person_year.academic_year, 4)::integer,
    person_year.pupil_id,
    count(*)::integer,
from wh.marts.person_year as person_year
inner join care_row
    on person_year.pupil_id = care_row.pupil_id
    and right(person_year.academic_year, 4)::integer = care_row.reporting_year
where person_year.is_short_breaks_only
group by person_year.academic_year, person_year.pupil_id
union all
select 'looked after under short breaks only', 'all', reporting_year, null, 1
from bare_row
where legal_status_code in ('V3', 'V4');

-- The extracts do not flag unaccompanied children, and absent parenting is a far wider
-- category, so they are counted from the truth.
insert into counted
select
    'unaccompanied children looked after on 31 March',
    'all',
    reporting_year.reporting_year,
    coalesce(period.pupil_id, period.child_number::varchar),
    1,
from truth_care_period as period
inner join reporting_year
    on period.period_start_date <= reporting_year.last_day
    and period.period_end_date > reporting_year.last_day
where period.route = 'unaccompanied';
