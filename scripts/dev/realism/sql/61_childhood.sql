-- Shares of all children with each experience before 18: in the truth, at the rates of
-- recent years, and in a school cohort of the warehouse. Rates rose, and no child spent a
-- whole childhood at the latest rates, so published shares are between the first two.
create or replace temp table childhood as
with published as (
    from (
        values
            (1, 'referred', '35.4 (37.5)', 'Jay et al 2025'),
            (2, 'in need', '25.3 (26.0)', 'Jay et al 2025'),
            (3, 'on a plan', '6.9 (7.1)', 'Jay et al 2025'),
            (4, 'looked after', '3.3 to 4', 'Mc Grath-Lone et al 2016; Jay et al 2022')
    ) as published(line, what, published, source)
),

lived as (
    select
        unnest(['referred', 'in need', 'on a plan', 'looked after']) as what,
        100 * unnest([
            avg((n_referrals > 0)::integer),
            avg((n_need_episodes > 0)::integer),
            avg((n_plans > 0)::integer),
            avg((n_periods > n_short_break_periods)::integer)
        ]) as per_cent,
    from truth_person
    -- They turn 18 in the last years of the extracts.
    where birth_date between date '1997-04-01' and date '2000-03-31'
),

compared as (
    select published.*, ' before 18, as lived' as how, lived.per_cent
    from published
    inner join lived on published.what = lived.what
    union all
    select published.*, ' before 18, at the rates of 2012/13 to 2017/18', rates.per_cent
    from published
    inner join childhood_at_recent_rates as rates on published.what = rates.what
),

seen as (
    select
        avg((highest.highest_intervention_rank >= 2)::integer) as in_need,
        avg(coalesce(highest.is_child_looked_after, false)::integer) as looked_after,
    from wh.marts.person_highest_intervention as highest
    inner join truth_person as person on highest.pupil_id = person.pupil_id
    where person.birth_date between date '1996-09-01' and date '2002-08-31'
)

from (
    select 'ever ' || what || how as what, per_cent as synthetic, published, source
    from compared
    order by how, line
)
union all
select 'in need or more, pupils born 1996/97 to 2001/02, as the warehouse shows it',
    100 * in_need, '11 to 15', 'DfE and MoJ 2023',
from seen
union all
select 'looked after, the same pupils', 100 * looked_after, '2', 'DfE and MoJ 2023',
from seen
union all
select 'home from care and looked after again, of those who left 2006 to 2013',
    100 * avg(is_back::integer), '', 'no published figure is in the reference',
from (
    select
        period.child_number,
        exists (
            select 1
            from truth_care_period as later
            where later.child_number = period.child_number
                and later.period_start_date > period.period_end_date
                and not later.is_short_break
        ) as is_back,
    from truth_care_period as period
    where not period.is_short_break
        and period.end_reason in ('E4', 'E4A', 'E4B')
        and period.period_end_date between date '2005-04-01' and date '2013-03-31'
);
