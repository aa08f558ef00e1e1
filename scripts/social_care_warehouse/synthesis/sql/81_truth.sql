-- The lives as they were, each child by number and, if a pupil, by reference. In the
-- order of children.
create or replace view truth_person as
select *
from person_truth
order by child_number;

create or replace view truth_referral as
select
    identifier.pupil_id,
    referral.*,
from referral
inner join identifier on referral.child_number = identifier.child_number
order by referral.child_number, referral.referral_number;

create or replace view truth_plan as
select
    identifier.pupil_id,
    plan.*,
from plan
inner join identifier on plan.child_number = identifier.child_number
order by plan.child_number, plan.plan_number;

create or replace view truth_care_period as
select
    identifier.pupil_id,
    period.child_number,
    period.period_number,
    period.referral_number,
    period.period_start_date,
    period.period_end_date,
    period.route,
    period.is_short_break,
    period.end_reason,
    period.care_need,
from period
inner join identifier on period.child_number = identifier.child_number
order by period.child_number, period.period_number;

create or replace view truth_care_episode as
select
    identifier.pupil_id,
    care_episode.*,
from care_episode
inner join identifier on care_episode.child_number = identifier.child_number
order by care_episode.child_number, care_episode.episode_number;

-- Which line of its file each row is, counting the header as the first.
create or replace view cla_line as
select
    child_number,
    reporting_year,
    episode_number as item_number,
    copy,
    1 + getvariable('cla_rows_before') + row_number() over (
        order by child_number, reporting_year, episode_number, copy
    ) as source_line,
from cla_file;

create or replace view cin_line as
select
    child_number,
    reporting_year,
    referral_number as item_number,
    copy,
    1 + getvariable('cin_rows_before') + row_number() over (
        order by child_number, reporting_year, referral_number, copy
    ) as source_line,
from cin_file;

-- Which raw rows were made dirty, and how. A copy is dirty by being there; what is
-- wrong with a row is wrong with its copies too.
create or replace view truth_dirty_row as
with kinds as (
    select
        'cla' as dataset,
        child_number,
        reporting_year,
        episode_number as item_number,
        kind,
    from (
        unpivot (
            select * exclude (row_id, date_form, flag_form, blank_form, year_form)
            from cla_dirt
        )
        on * exclude (child_number, reporting_year, episode_number)
        into name kind value is_struck
    )
    where is_struck
    union all
    select
        'cin',
        child_number,
        reporting_year,
        referral_number,
        kind,
    from (
        unpivot (
            select * exclude (row_id, date_form, flag_form, blank_form, year_form)
            from cin_dirt
        )
        on * exclude (child_number, reporting_year, referral_number)
        into name kind value is_struck
    )
    where is_struck
),

forms as (
    select
        'cla' as dataset,
        child_number,
        reporting_year,
        episode_number as item_number,
        unnest([date_form, flag_form, blank_form, year_form]) as kind,
    from cla_dirt
    union all
    select
        'cin',
        child_number,
        reporting_year,
        referral_number,
        unnest([date_form, flag_form, blank_form, year_form]),
    from cin_dirt
),

together as (
    select
        *,
        case
            when kind in ('duplicate_row', 'two_authorities') then 'row added'
            else 'value changed'
        end as effect,
    from kinds
    union all
    select *, 'written another way'
    from forms
    where kind != 'usual'
),

lines as (
    select 'cla' as dataset, * from cla_line
    union all
    select 'cin', * from cin_line
)

select
    together.dataset,
    lines.source_line,
    together.kind,
    together.effect,
    lines.copy > 0 as is_copy,
    together.child_number,
    together.reporting_year,
    together.item_number,
from together
inner join lines
    on together.dataset = lines.dataset
    and together.child_number = lines.child_number
    and together.reporting_year = lines.reporting_year
    and together.item_number = lines.item_number
where together.effect != 'row added'
    or lines.copy = if(together.kind = 'duplicate_row', 1, 2)
order by dataset, source_line, kind;
