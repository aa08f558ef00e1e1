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
    pupil_id,
    year_of(period_start_date) as reporting_year,
    min(period_start_date) as start_date,
from wh.marts.period_of_care
where not is_short_break
    and reporting_year is not null
group by pupil_id, reporting_year;

-- The last occasion in the year, as published.
create or replace temp table pupil_end as
select
    pupil_id,
    year_of(period_end_date) as reporting_year,
    max(period_end_date) as end_date,
    max_by(period_start_date, period_end_date) as start_date,
    max_by(reason_ended_code, period_end_date) as reason_code,
from wh.marts.period_of_care
where not is_short_break
    and not is_censored
    and reporting_year is not null
group by pupil_id, reporting_year;

-- Rows without a pupil reference. Exact copies are one row.
create or replace temp table bare_row as
select distinct
    * exclude (_source_file, _source_line, _source_row),
    coalesce(legal_status_code, '') in ('V3', 'V4') as is_short_break,
from wh.staging.stg_cla
where pupil_id is null;

create or replace temp view bare_start as
from bare_row
where reason_new_episode_code = 'S'
    and not is_short_break
    and episode_start_date >= make_date(reporting_year - 1, 4, 1);

create or replace temp view bare_end as
from bare_row
where not is_short_break
    and reason_episode_ceased_code not in ('X1', '-10');

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

-- Every row has legal status, placement and need, with or without a pupil reference.
create or replace temp table on_31_march as
select reporting_year, pupil_id, legal_status_code, placement_code
from pupil_on_31_march
union all
select reporting_year, null, legal_status_code, placement_code
from bare_row
where is_looked_after_31_march
    and not is_short_break;

insert into counted by name
select distinct 'looked after on 31 March' as series, reporting_year, pupil_id
from pupil_on_31_march
union all
select 'looked after on 31 March', reporting_year, null
from on_31_march
where pupil_id is null
union all
select 'started to be looked after', reporting_year, pupil_id
from pupil_start
union all
select 'started to be looked after', reporting_year, null
from bare_start
union all
select 'ceased to be looked after', reporting_year, pupil_id
from pupil_end
union all
select 'ceased to be looked after', reporting_year, null
from bare_end
union all
select 'adopted from care', reporting_year, pupil_id
from pupil_end
where reason_code in ('E11', 'E12')
union all
select 'adopted from care', reporting_year, null
from bare_row
where reason_episode_ceased_code in ('E11', 'E12')
union all
select 'looked after at any time in the year', right(academic_year, 4)::integer, pupil_id
from wh.marts.person_year
where in_cla
    and not is_short_breaks_only
union all
select 'looked after under short breaks only', reporting_year, null
from bare_row
where is_short_break;

-- A child was looked after at some time in the year if care was open at the end of the
-- year or ended within it.
insert into counted by name
select 'looked after at any time in the year' as series, reporting_year, pupil_id
from counted
where series in ('looked after on 31 March', 'ceased to be looked after')
    and pupil_id is null;

insert into counted by name
select
    'looked after under short breaks only' as series,
    care_row.reporting_year,
    care_row.pupil_id,
    count(*) as n_rows,
from wh.marts.person_year as person_year
inner join care_row
    on person_year.pupil_id = care_row.pupil_id
    and right(person_year.academic_year, 4)::integer = care_row.reporting_year
where person_year.is_short_breaks_only
group by care_row.reporting_year, care_row.pupil_id;

-- The extracts do not flag unaccompanied children, and absent parenting is a far wider
-- category, so they are counted from the truth.
insert into counted by name
select
    'unaccompanied children looked after on 31 March' as series,
    reporting_year.reporting_year,
    coalesce(period.pupil_id, period.child_number::varchar) as pupil_id,
from truth_care_period as period
inner join reporting_year
    on period.period_start_date <= reporting_year.last_day
    and period.period_end_date > reporting_year.last_day
where period.route = 'unaccompanied';
