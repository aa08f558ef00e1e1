-- True nights, moves, returns home, re-entries and episodes of each pupil: all of them,
-- and those within the years of the extract.
create or replace table lived as
with periods as (
    select
        pupil_id,
        sum(n_days) as days,
        coalesce(sum(n_days) filter (where is_in_years), 0) as days_in_years,
        count(*) - 1 as re_entries,
        greatest(count(*) filter (where is_in_years) - 1, 0) as re_entries_in_years,
    from lived_period
    where pupil_id is not null
    group by pupil_id
),

episodes as (
    select
        pupil_id,
        count(*) as episodes,
        count(*) filter (where is_in_years) as episodes_in_years,
        count(*) filter (where is_move) as moves,
        count(*) filter (where is_move_in_years) as moves_in_years,
        count(*) filter (where is_return_home) as returns_home,
        count(*) filter (where is_return_home_in_years) as returns_home_in_years,
    from lived_episode
    where pupil_id is not null
    group by pupil_id
)

select
    periods.pupil_id,
    pupil.are_care_days_observable,
    unnest([1, 2, 3, 4, 5]) as line,
    unnest([days, moves, returns_home, re_entries, episodes]) as n_true,
    unnest([
        days_in_years, moves_in_years, returns_home_in_years, re_entries_in_years,
        episodes_in_years
    ]) as n_in_years,
from periods
inner join episodes on periods.pupil_id = episodes.pupil_id
inner join pupil on periods.pupil_id = pupil.pupil_id;

-- What a release shows of each pupil, and how much of that is true: an episode, move or
-- return home is true if the pupil had one on that day.
create or replace macro shown_by(warehouse) as table
with matched as (
    select
        shown.pupil_id,
        count(*) as episodes,
        count(lived_episode.pupil_id) as true_episodes,
        count(*) filter (where stays.is_placement_move) as moves,
        count(*) filter (where stays.is_placement_move and lived_episode.is_move)
            as true_moves,
        count(*) filter (where shown.is_return_home) as returns_home,
        count(*) filter (
            where shown.is_return_home
                and lived_episode.is_return_home
                and shown.episode_end_date = lived_episode.episode_end_date
        ) as true_returns_home,
    from (
        select
            *,
            not is_censored and reason_episode_ceased_group like 'Returned home%'
                as is_return_home,
        from query_table(warehouse || '.marts.care_episode')
    ) as shown
    left join query_table(warehouse || '.intermediate.int_cla_placement_move') as stays
        on shown.care_episode_id = stays.care_episode_id
    left join lived_episode
        on shown.pupil_id = lived_episode.pupil_id
        and shown.episode_start_date = lived_episode.episode_start_date
    group by shown.pupil_id
)

select
    matched.pupil_id,
    unnest([1, 2, 3, 4, 5]) as line,
    unnest([
        history.care_days, matched.moves, matched.returns_home, history.n_re_entries,
        matched.episodes
    ]) as n_shown,
    -- Days and re-entries have no day of their own: as many are true as there were.
    unnest([null, true_moves, true_returns_home, null, true_episodes]) as n_true_shown,
from matched
inner join query_table(warehouse || '.marts.person_care_history') as history
    on matched.pupil_id = history.pupil_id;

create or replace table shown as
select 'latest-episode' as release, *,
from shown_by('latest')
union all
select 'all-episodes', *,
from shown_by('every');

create or replace table item as
with lived_and_shown as (
    select
        releases.release,
        lived.*,
        shown.n_shown,
        -- Not least: that of NULL and a number is the number.
        coalesce(
            shown.n_true_shown,
            if(shown.n_shown > lived.n_true, lived.n_true, shown.n_shown)
        ) as n_seen,
    from releases
    cross join lived
    left join shown
        on releases.release = shown.release
        and lived.pupil_id = shown.pupil_id
        and lived.line = shown.line
)

select
    line,
    release,
    ['days in care', 'placement moves', 'returns home', 're-entries', 'episodes'][line]
        as item,
    sum(n_true)::bigint as n_true,
    sum(n_in_years)::bigint as n_in_years,
    coalesce(sum(lived_and_shown.n_seen), 0)::bigint as n_seen,
    coalesce(sum(n_shown - lived_and_shown.n_seen), 0)::bigint as n_shown_not_true,
    -- If each row of a child has its reference, nothing within the years may be missing.
    sum(lived_and_shown.n_in_years - coalesce(lived_and_shown.n_seen, 0))
        filter (where are_care_days_observable)::bigint as n_missing_with_reference,
from lived_and_shown
group by line, release
order by line, release desc;

-- What is missing, and the first reason for it: the years, missing references (in both
-- releases), or the release.
create or replace table seen as
select
    item.line,
    item.release,
    item.item,
    item.n_true,
    item.n_seen,
    item.n_true - item.n_in_years as n_lost_years,
    item.n_in_years - full_one.n_seen as n_lost_reference,
    full_one.n_seen - item.n_seen as n_lost_release,
    item.n_seen + item.n_shown_not_true as n_shown,
    item.n_shown_not_true,
    round(100 * item.n_seen / item.n_true, 2) as percent_seen,
    round(100 * n_lost_years / item.n_true, 2) as percent_lost_years,
    round(100 * n_lost_reference / item.n_true, 2) as percent_lost_reference,
    round(100 * n_lost_release / item.n_true, 2) as percent_lost_release,
from item
inner join item as full_one
    on item.item = full_one.item
    and full_one.release = 'all-episodes'
order by item.line, item.release desc;

-- Children without any reference: outside the population, so not counted above.
create or replace table outside_population as
select
    count(*) filter (where pupil_id is null and n_episodes > 0) as n_children,
    count(*) filter (where n_episodes > 0) as n_of_children,
    round(
        100 * sum(true_care_days) filter (where pupil_id is null)
        / sum(true_care_days),
        2
    ) as percent_of_days,
from truth_person;
