insert into counted by name
select
    'legal status on 31 March' as series,
    case
        when legal_status_code = 'C1' then 'interim care order'
        when legal_status_code = 'C2' then 'full care order'
        when legal_status_code in ('D1', 'E1') then 'freed or placement order'
        when legal_status_code = 'V2' then 'voluntary agreement'
        when legal_status_code in ('J1', 'J2', 'J3') then 'youth justice'
        when legal_status_code in ('L1', 'L2', 'L3') then 'child protection'
    end as category,
    reporting_year,
    pupil_id,
from on_31_march
where category is not null;

insert into counted by name
select
    'placement on 31 March' as series,
    case
        when placement.published_group
            in ('Missing from agreed placement', 'Other placements')
            then 'Missing or other'
        else placement.published_group
    end as category,
    on_31_march.reporting_year,
    on_31_march.pupil_id,
from on_31_march
inner join wh.lookups.placement as placement
    on on_31_march.placement_code = placement.code
-- A temporary placement is published as the one to which the child returns.
where not placement.is_temporary_move;

insert into counted by name
select
    'category of need on starting' as series,
    episode.category_of_need_code as category,
    pupil_start.reporting_year,
    pupil_start.pupil_id,
from pupil_start
inner join wh.marts.care_episode as episode
    on pupil_start.pupil_id = episode.pupil_id
    and pupil_start.start_date = episode.episode_start_date
where category between 'N1' and 'N8'
union all
select 'category of need on starting', category_of_need_code, reporting_year, null
from bare_start
where category_of_need_code between 'N1' and 'N8';

-- Ages need a birthday. Rows without a pupil reference have no birthday, and from 2013 on
-- the youngest children have no reference yet, so ages come from the truth.
create or replace temp table truth_period as
select
    period.*,
    person.birth_date,
from truth_care_period as period
inner join truth_person as person on period.child_number = person.child_number
where not period.is_short_break;

-- The last period that ended in each year. In the last years young children have no
-- reference, and their care is short, so lengths come from the truth, too.
create or replace temp table ended_period as
select
    year_of(period_end_date) as reporting_year,
    child_number::varchar as pupil_id,
    any_value(birth_date) as birth_date,
    max(period_end_date) as end_date,
    max_by(period_end_date - period_start_date, period_end_date) as days,
from truth_period
where reporting_year is not null
group by reporting_year, child_number;

insert into counted by name
with aged as (
    select
        'age on 31 March' as series,
        reporting_year.reporting_year,
        period.child_number::varchar as pupil_id,
        date_sub('year', period.birth_date, reporting_year.last_day) as age,
    from truth_period as period
    inner join reporting_year
        on period.period_start_date <= reporting_year.last_day
        and period.period_end_date > reporting_year.last_day
    union all
    select
        'age on starting',
        year_of(period_start_date) as start_year,
        child_number::varchar,
        date_sub('year', any_value(birth_date), min(period_start_date)),
    from truth_period
    where start_year is not null
    group by start_year, child_number
    union all
    select
        'age on ceasing', reporting_year, pupil_id, date_sub('year', birth_date, end_date)
    from ended_period
)

select
    series,
    reporting_year,
    pupil_id,
    case
        when age < 1 then 'under 1'
        when age < 5 then '1 to 4'
        when age < 10 then '5 to 9'
        when age < 16 then '10 to 15'
        else '16 and over'
    end as category,
from aged;
