-- Every row has legal status, placement and need, with or without a pupil reference.
create or replace temp table on_31_march as
select
    reporting_year,
    pupil_id,
    legal_status_code,
    placement_code,
    category_of_need_code,
from pupil_on_31_march
union all
select
    reporting_year,
    null,
    legal_status_code,
    placement_code,
    category_of_need_code,
from bare_row
where is_looked_after_31_march
    and coalesce(legal_status_code, '') not in ('V3', 'V4');

insert into counted
select
    'legal status on 31 March',
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
    1,
from on_31_march
where category is not null;

insert into counted
select
    'placement on 31 March',
    case
        when placement.published_group
            in ('Missing from agreed placement', 'Other placements')
            then 'Missing or other'
        else placement.published_group
    end,
    on_31_march.reporting_year,
    on_31_march.pupil_id,
    1,
from on_31_march
inner join wh.lookups.placement as placement
    on on_31_march.placement_code = placement.code
-- A temporary placement is published as the one to which the child returns.
where not placement.is_temporary_move;

insert into counted
select
    'category of need on starting',
    category_of_need_code,
    reporting_year,
    pupil_id,
    1,
from (
    select
        pupil_start.reporting_year,
        pupil_start.pupil_id,
        episode.category_of_need_code,
    from pupil_start
    inner join wh.marts.care_episode as episode
        on pupil_start.pupil_id = episode.pupil_id
        and pupil_start.start_date = episode.episode_start_date
    union all
    select reporting_year, null, category_of_need_code
    from bare_row
    where reason_new_episode_code = 'S'
        and coalesce(legal_status_code, '') not in ('V3', 'V4')
        and episode_start_date >= make_date(reporting_year - 1, 4, 1)
)
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

create or replace temp macro age_category(birth, day) as (
    case
        when date_sub('year', birth, day) < 1 then 'under 1'
        when date_sub('year', birth, day) < 5 then '1 to 4'
        when date_sub('year', birth, day) < 10 then '5 to 9'
        when date_sub('year', birth, day) < 16 then '10 to 15'
        else '16 and over'
    end
);

insert into counted
select
    'age on 31 March',
    age_category(period.birth_date, reporting_year.last_day),
    reporting_year.reporting_year,
    period.child_number::varchar,
    1,
from truth_period as period
inner join reporting_year
    on period.period_start_date <= reporting_year.last_day
    and period.period_end_date > reporting_year.last_day
union all
select
    'age on starting',
    age_category(
        any_value(period.birth_date),
        min(period.period_start_date)
    ),
    reporting_year.reporting_year,
    period.child_number::varchar,
    1,
from truth_period as period
inner join reporting_year
    on period.period_start_date
    between reporting_year.first_day and reporting_year.last_day
group by reporting_year.reporting_year, period.child_number
union all
select
    'age on ceasing',
    age_category(
        any_value(period.birth_date),
        max(period.period_end_date)
    ),
    reporting_year.reporting_year,
    period.child_number::varchar,
    1,
from truth_period as period
inner join reporting_year
    on period.period_end_date
    between reporting_year.first_day and reporting_year.last_day
group by reporting_year.reporting_year, period.child_number;
