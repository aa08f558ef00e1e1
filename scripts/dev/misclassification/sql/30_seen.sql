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

select periods.*, episodes.* exclude (pupil_id), truth_person.are_care_days_observable,
from periods
inner join episodes on periods.pupil_id = episodes.pupil_id
inner join truth_person on periods.pupil_id = truth_person.pupil_id;

-- What a release shows of each pupil, and how much of that is true: an episode, move or
-- return home is true if the pupil had one on that day.
create or replace macro shown_by(history_mart, moves_table, episode_mart) as table
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
        from query_table(episode_mart)
    ) as shown
    left join query_table(moves_table) as stays
        on shown.care_episode_id = stays.care_episode_id
    left join lived_episode
        on shown.pupil_id = lived_episode.pupil_id
        and shown.episode_start_date = lived_episode.episode_start_date
    group by shown.pupil_id
)

select
    matched.*,
    history.care_days as days,
    least(history.care_days, lived.days) as true_days,
    history.n_re_entries as re_entries,
    least(history.n_re_entries, lived.re_entries) as true_re_entries,
from matched
inner join query_table(history_mart) as history on matched.pupil_id = history.pupil_id
inner join lived on matched.pupil_id = lived.pupil_id;

create or replace table shown as
select 'latest-episode' as release, *,
from shown_by(
    'latest.marts.person_care_history',
    'latest.intermediate.int_cla_placement_move',
    'latest.marts.care_episode'
)
union all
select 'all-episodes', *,
from shown_by(
    'every.marts.person_care_history',
    'every.intermediate.int_cla_placement_move',
    'every.marts.care_episode'
);

create or replace table lived_and_shown as
select
    releases.release,
    lived.*,
    shown.* exclude (release, pupil_id, days, moves, returns_home, re_entries, episodes),
    shown.days as shown_days,
    shown.moves as shown_moves,
    shown.returns_home as shown_returns_home,
    shown.re_entries as shown_re_entries,
    shown.episodes as shown_episodes,
from (select unnest(['latest-episode', 'all-episodes']) as release) as releases
cross join lived
left join shown
    on releases.release = shown.release
    and lived.pupil_id = shown.pupil_id;

create or replace macro item_of(item, lived_n, in_years_n, shown_n, true_n) as table
select
    release,
    item as item,
    sum(lived_n)::bigint as n_true,
    sum(in_years_n)::bigint as n_in_years,
    coalesce(sum(true_n), 0)::bigint as n_seen,
    coalesce(sum(shown_n - true_n), 0)::bigint as n_shown_not_true,
    -- If each row of a child has its reference, nothing within the years may be missing.
    (sum(in_years_n - coalesce(true_n, 0)) filter (where are_care_days_observable))
    ::bigint as n_missing_with_reference,
from lived_and_shown
group by release;

create or replace table item as
select 1 as line, *
from item_of('days in care', days, days_in_years, shown_days, true_days)
union all
select 2, *
from item_of('placement moves', moves, moves_in_years, shown_moves, true_moves)
union all
select 3, *
from item_of(
    'returns home',
    returns_home,
    returns_home_in_years,
    shown_returns_home,
    true_returns_home
)
union all
select 4, *
from item_of(
    're-entries', re_entries, re_entries_in_years, shown_re_entries, true_re_entries
)
union all
select 5, *
from item_of('episodes', episodes, episodes_in_years, shown_episodes, true_episodes);

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
from truth_person_of_all;
