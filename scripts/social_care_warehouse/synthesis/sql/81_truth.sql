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

-- Rows that were made wrong, and how. Rows that are merely written another way are not
-- listed.
create or replace view truth_dirty_row as
with cla_kinds as (
    select child_number, reporting_year, episode_number as item_number, kind
    from (
        unpivot (
            select * exclude (row_id, date_form, flag_form, blank_form, year_form)
            from cla_dirt
        )
        on * exclude (child_number, reporting_year, episode_number)
        into name kind value is_struck
    )
    where is_struck
),

cin_kinds as (
    select child_number, reporting_year, referral_number as item_number, kind
    from (
        unpivot (
            select * exclude (row_id, date_form, flag_form, blank_form, year_form)
            from cin_dirt
        )
        on * exclude (child_number, reporting_year, referral_number)
        into name kind value is_struck
    )
    where is_struck
)

select 'cla' as dataset, * from cla_kinds
union all
select 'cin', * from cin_kinds
order by dataset, child_number, reporting_year, item_number, kind;
