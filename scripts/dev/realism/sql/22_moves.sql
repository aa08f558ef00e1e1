-- One row per placement of a pupil: from a move to the next one. Only the release with
-- all episodes shows which new episodes are moves, and only staging keeps that column.
create or replace temp table placement_spell as
with moves as (
    select
        pupil_id,
        episode_start_date,
        max_by(episode_end_date, reporting_year) as episode_end_date,
        max_by(reason_episode_ceased_code, reporting_year) = '-10' as is_open,
        bool_or(reason_new_episode_code in ('S', 'P', 'B')) as is_new_placement,
        bool_or(reason_new_episode_code = 'S') as is_new_period,
    from care_row
    where coalesce(legal_status_code, '') not in ('V3', 'V4')
    group by pupil_id, episode_start_date
),

numbered as (
    select
        *,
        sum(is_new_placement::integer) over (
            partition by pupil_id
            order by episode_start_date
        ) as placement_number,
        sum(is_new_period::integer) over (
            partition by pupil_id
            order by episode_start_date
        ) as period_number,
    from moves
)

select
    pupil_id,
    period_number,
    placement_number,
    min(episode_start_date) as placement_start_date,
    max(episode_end_date) as placement_end_date,
    bool_or(is_open) as is_open,
from numbered
group by pupil_id, period_number, placement_number;

-- Placements that reached into the year, of children still looked after at its end.
insert into counted by name
select
    'placements in the year' as series,
    case count(*) when 1 then '1' when 2 then '2' else '3 or more' end as category,
    reporting_year.reporting_year,
    spell.pupil_id,
from placement_spell as spell
inner join reporting_year
    on spell.placement_start_date <= reporting_year.last_day
    and (
        spell.placement_end_date > reporting_year.first_day
        or spell.is_open
        or spell.placement_end_date is null
    )
semi join pupil_on_31_march as stock
    on spell.pupil_id = stock.pupil_id
    and reporting_year.reporting_year = stock.reporting_year
group by reporting_year.reporting_year, spell.pupil_id;

insert into counted by name
select
    'placements in the last period' as series,
    if(count(*) >= 5, '5 or more', count(*)::varchar) as category,
    pupil_end.reporting_year,
    pupil_end.pupil_id,
from pupil_end
inner join placement_spell as spell
    on pupil_end.pupil_id = spell.pupil_id
    and spell.placement_start_date between pupil_end.start_date and pupil_end.end_date
group by pupil_end.reporting_year, pupil_end.pupil_id;

insert into counted by name
select
    'periods of care on ceasing' as series,
    if(count(*) >= 3, '3 or more', count(*)::varchar) as category,
    pupil_end.reporting_year,
    pupil_end.pupil_id,
from pupil_end
inner join wh.marts.period_of_care as period
    on pupil_end.pupil_id = period.pupil_id
    and period.period_start_date <= pupil_end.end_date
    and not period.is_short_break
group by pupil_end.reporting_year, pupil_end.pupil_id;

insert into counted by name
select
    'length of the last period' as series,
    case
        when days < 14 then 'under 2 weeks'
        when days < 56 then '2 to 8 weeks'
        when days < 183 then '8 weeks to 6 months'
        when days < 365 then '6 to 12 months'
        when days < 730 then '1 to 2 years'
        when days < 1096 then '2 to 3 years'
        when days < 1826 then '3 to 5 years'
        when days < 3652 then '5 to 10 years'
        else '10 years or more'
    end as category,
    reporting_year,
    pupil_id,
from ended_period;
