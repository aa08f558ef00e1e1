-- Why a placement ended although care went on: asked since April 2015.
create or replace table episode_place_change as
select
    episode.child_number,
    episode.episode_number,
    why.code as place_change_reason,
from care_episode as episode
inner join choice_range as why
    on why.what = 'place_change'
    and falls_in(
        draw(episode.child_number, 'place change', episode.episode_number),
        why.u_from,
        why.u_to
    )
where episode.ends_by_move
    and episode.episode_end_date >= date '2015-04-01';
