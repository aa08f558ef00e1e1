-- The true lives of the pupils, and which parts of them are within the years of the
-- extracts. Children without a pupil reference are in no person mart. They are counted
-- separately, in outside_population.
create or replace table releases as
select unnest(['latest-episode', 'all-episodes']) as release;

create or replace view pupil as from truth_person where pupil_id is not null;

create or replace table category as
select *
from (
    values
        (0, 'no social care contact'),
        (1, 'referral only'),
        (2, 'child in need'),
        (3, 'child protection plan'),
        (4, 'child looked after')
) as categories (category_rank, category);

-- A period that ended before the first day of the extract is in no row. A period that was
-- still open has rows, which give its start: its nights before that day are seen.
create or replace table lived_period as
select
    period.pupil_id,
    period.period_start_date,
    least(period.period_end_date, extract.last_day) - period.period_start_date
        as n_days,
    period.period_end_date >= extract.first_day as is_in_years,
from truth_care_period as period
cross join (from extract where dataset = 'cla') as extract;

-- An episode that ended before the extract began is in no row. So for an episode that
-- was open on that day, nobody can see whether it began with a move.
create or replace table lived_episode as
select
    episode.pupil_id,
    episode.episode_start_date,
    episode.episode_end_date,
    episode.episode_end_date >= extract.first_day as is_in_years,
    coalesce(episode.reason_new_episode in ('P', 'T', 'B', 'U'), false) as is_move,
    is_move and episode.episode_start_date >= extract.first_day as is_move_in_years,
    -- One that was still open on the last day of the extract had not ended yet.
    returned_home.code is not null and episode.episode_end_date <= extract.last_day
        as is_return_home,
    is_return_home and is_in_years as is_return_home_in_years,
from truth_care_episode as episode
left join every.lookups.reason_episode_ceased as returned_home
    on episode.reason_ceased = returned_home.code
    and returned_home.published_group like 'Returned home%'
cross join (from extract where dataset = 'cla') as extract;

create or replace table need_year as
select
    unnest(range(
        year(first_day) + (month(first_day) > 3)::integer,
        year(last_day) + 1
    ))::integer as reporting_year,
    greatest(make_date(reporting_year - 1, 4, 1), first_day) as first_day,
    make_date(reporting_year, 3, 31) as last_day,
    reporting_year in (
        select unnest(range(first_year, coalesce(last_year, 2030) + 1))
        from every.lookups.column_availability
        where dataset = 'cin'
            and column_name in (
                'category_of_abuse_code',
                'initial_category_of_abuse_code',
                'number_of_previous_cpp'
            )
    ) as has_plan_columns,
from extract
where dataset = 'cin';

-- For each pupil and category: was the pupil in it during the years of the extract? If
-- every row had its reference, would the columns and the 31 March rule show it?
create or replace table contact as
select
    pupil_id,
    4 as category_rank,
    bool_or(lived_period.is_in_years) as is_in_years,
    bool_or(lived_period.is_in_years) as is_visible,
from lived_period
group by pupil_id
union all
select
    plan.pupil_id,
    3,
    count(need_year.reporting_year) > 0,
    coalesce(bool_or(need_year.has_plan_columns), false),
from truth_plan as plan
left join need_year
    on plan.plan_start_date <= need_year.last_day
    and plan.plan_end_date >= need_year.first_day
group by plan.pupil_id
union all
select
    referral.pupil_id,
    if(referral.outcome = 'need', 2, 1) as category_rank,
    count(need_year.reporting_year) > 0,
    coalesce(
        bool_or(
            referral.outcome != 'need' or referral.closure_date > need_year.last_day
        ) filter (where need_year.reporting_year is not null),
        false
    ),
from truth_referral as referral
left join need_year
    on referral.referral_date <= need_year.last_day
    and referral.closure_date >= need_year.first_day
group by referral.pupil_id, category_rank;
