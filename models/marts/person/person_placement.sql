with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

placements as (
    select * from {{ ref('placement') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

-- Care by relatives or friends and care by other foster carers are told apart.
placed as (
    select
        episodes.care_episode_id,
        episodes.pupil_id,
        coalesce(
            {{ placement_group(
                'placements.published_group', 'placements.foster_carer_type'
            ) }},
            'Not known'
        ) as placement_group,
        episodes.episode_start_date,
        episodes.episode_end_date,
        episodes.is_end_before_start,
        episodes.is_short_break
    from episodes
    left join placements on episodes.placement_code = placements.code
),

-- Each episode is laid once among all, and once among those that are no short breaks,
-- so that days can be counted both ways.
laid as (
    select
        *,
        'all' as counted_among
    from placed
    where episode_end_date >= episode_start_date
    union all
    select
        *,
        'not short breaks' as counted_among
    from placed
    where episode_end_date >= episode_start_date and not is_short_break
),

-- Episodes of one group can overlap in data that was not corrected; a day counts once.
{{ joined_spells(
    'laid',
    partition_by=['pupil_id', 'placement_group', 'counted_among'],
    start_date='episode_start_date',
    end_date='episode_end_date',
    tie_break='care_episode_id'
) }},

spells as (
    select
        pupil_id,
        placement_group,
        counted_among,
        spell_number,
        min(episode_start_date) as spell_start_date,
        max(episode_end_date) as spell_end_date
    from numbered
    group by pupil_id, placement_group, counted_among, spell_number
),

lengths as (
    select
        pupil_id,
        placement_group,
        sum(case when counted_among = 'all' then spell_days else 0 end)
            as placement_days,
        sum(case when counted_among = 'not short breaks' then spell_days else 0 end)
            as placement_days_not_short_break
    from (
        select
            *,
            {{ days_between('spell_start_date', 'spell_end_date') }} as spell_days
        from spells
    ) as measured
    group by pupil_id, placement_group
),

-- An episode that ends before it starts was seen on the day on which it started.
counted as (
    select
        pupil_id,
        placement_group,
        count(*) as n_episodes,
        count(case when not is_short_break then 1 end) as n_episodes_not_short_break,
        min(episode_start_date) as first_date,
        max(
            case
                when is_end_before_start then episode_start_date else episode_end_date
            end
        ) as last_date
    from placed
    group by pupil_id, placement_group
),

final as (
    select
        {{ hash_key(['counted.pupil_id', 'counted.placement_group']) }}
            as person_placement_id,
        counted.pupil_id,
        counted.placement_group,
        cast(coalesce(lengths.placement_days, 0) as integer) as placement_days,
        cast(coalesce(lengths.placement_days_not_short_break, 0) as integer)
            as placement_days_not_short_break,
        cast(counted.n_episodes as integer) as n_episodes,
        cast(counted.n_episodes_not_short_break as integer)
            as n_episodes_not_short_break,
        counted.first_date,
        counted.last_date,
        releases.is_every_episode_shown
    from counted
    cross join releases
    left join lengths
        on
            counted.pupil_id = lengths.pupil_id
            and counted.placement_group = lengths.placement_group
)

select * from final
