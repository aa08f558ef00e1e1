-- One row per episode: a new one begins whenever the placement or the legal status
-- changes.
create or replace table care_episode as
with changes as (
    select child_number, period_number, from_day from placement_spell
    union
    select child_number, period_number, from_day from legal_spell
),

described as (
    select
        changes.child_number,
        changes.period_number,
        changes.from_day,
        placement_spell.from_day is not null and changes.from_day > 0
            as placement_changes,
        legal_spell.from_day is not null and changes.from_day > 0 as legal_changes,
        last_value(placement_spell.placement_kind ignore nulls) over so_far
            as placement_kind,
        last_value(placement_spell.is_long_term ignore nulls) over so_far
            as is_long_term,
        last_value(legal_spell.legal_status ignore nulls) over so_far as legal_status,
        lead(changes.from_day) over by_day as next_day,
        lead(placement_spell.from_day is not null) over by_day as next_is_move,
        row_number() over by_day as episode_in_period,
    from changes
    left join placement_spell
        on changes.child_number = placement_spell.child_number
        and changes.period_number = placement_spell.period_number
        and changes.from_day = placement_spell.from_day
    left join legal_spell
        on changes.child_number = legal_spell.child_number
        and changes.period_number = legal_spell.period_number
        and changes.from_day = legal_spell.from_day
    window
        by_day as (
            partition by changes.child_number, changes.period_number
            order by changes.from_day
        ),
        so_far as (
            partition by changes.child_number, changes.period_number
            order by changes.from_day
            rows between unbounded preceding and current row
        )
),

dated as (
    select
        described.*,
        (period.period_start_date + described.from_day)::date as episode_start_date,
        coalesce(
            period.period_start_date + described.next_day,
            period.period_end_date
        )::date as episode_end_date,
        if(described.next_day is null, period.end_reason, 'X1') as reason_ceased,
        draw(
            described.child_number,
            'same carer',
            described.period_number * 100 + described.episode_in_period
        ) < setting('same_carer_share') as is_same_carer,
    from described
    inner join period
        on described.child_number = period.child_number
        and described.period_number = period.period_number
)

select
    child_number,
    period_number,
    row_number() over (
        partition by child_number
        order by episode_start_date
    )::integer as episode_number,
    episode_start_date,
    episode_end_date,
    legal_status,
    -- A child may be placed with parents under a care order only.
    if(
        placement_kind = 'parents' and legal_status not in ('C1', 'C2'),
        'relative inside',
        placement_kind
    ) as placement_kind,
    is_long_term,
    reason_ceased,
    case
        when from_day = 0 then 'S'
        when placement_changes and legal_changes then if(is_same_carer, 'U', 'B')
        when placement_changes then if(is_same_carer, 'T', 'P')
        else 'L'
    end as reason_new_episode,
    coalesce(next_is_move, false) as ends_by_move,
from dated
-- What began after the last day of the extracts is not in them.
where episode_start_date <= getvariable('last_day');
