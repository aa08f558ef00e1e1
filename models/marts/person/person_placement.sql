with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

placements as (
    select * from {{ ref('placement') }}
),

-- Care by relatives or friends and care by other foster carers are told apart.
placed as (
    select
        episodes.care_episode_id,
        episodes.pupil_id,
        coalesce(
            placements.published_group || ': ' || placements.foster_carer_type,
            placements.published_group,
            'Not known'
        ) as placement_group,
        episodes.episode_start_date,
        episodes.episode_end_date
    from episodes
    left join placements on episodes.placement_code = placements.code
),

dated as (
    select *
    from placed
    where episode_end_date >= episode_start_date
),

-- Episodes of one group can overlap in data that was not corrected; a day counts once.
{{ joined_spells(
    'dated',
    partition_by=['pupil_id', 'placement_group'],
    start_date='episode_start_date',
    end_date='episode_end_date',
    tie_break='care_episode_id'
) }},

spells as (
    select
        pupil_id,
        placement_group,
        spell_number,
        min(episode_start_date) as spell_start_date,
        max(episode_end_date) as spell_end_date
    from numbered
    group by pupil_id, placement_group, spell_number
),

lengths as (
    select
        pupil_id,
        placement_group,
        cast(sum({{ days_between('spell_start_date', 'spell_end_date') }}) as integer)
            as placement_days
    from spells
    group by pupil_id, placement_group
),

counted as (
    select
        pupil_id,
        placement_group,
        cast(count(*) as integer) as n_episodes,
        min(episode_start_date) as first_date,
        max(episode_end_date) as last_date
    from placed
    group by pupil_id, placement_group
),

final as (
    select
        {{ hash_key(['counted.pupil_id', 'counted.placement_group']) }}
            as person_placement_id,
        counted.pupil_id,
        counted.placement_group,
        coalesce(lengths.placement_days, 0) as placement_days,
        counted.n_episodes,
        counted.first_date,
        counted.last_date
    from counted
    left join lengths
        on
            counted.pupil_id = lengths.pupil_id
            and counted.placement_group = lengths.placement_group
)

select * from final
