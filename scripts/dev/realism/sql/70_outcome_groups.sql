-- Where each pupil stood with social care on 31 March of a school year, from the truth:
-- published outcomes use that day.
create or replace temp table outcome_status as
with spells as (
    select pupil_id, referral_date as from_date, closure_date as to_date, 1 as rank
    from truth_referral
    where outcome = 'need'
    union all
    select pupil_id, plan_start_date, plan_end_date, 2 from truth_plan
    union all
    select pupil_id, period_start_date, period_end_date, 3
    from truth_care_period
    where not is_short_break
    union all
    select pupil_id, period_start_date + 365, period_end_date, 4
    from truth_care_period
    where not is_short_break and period_end_date > period_start_date + 365
),

years as (
    select
        pupil_id,
        rank,
        unnest(range(
            year(from_date) + (month(from_date) > 3)::integer,
            year(to_date) + (month(to_date) > 3)::integer
        )) as school_year,
    from spells
    where pupil_id is not null and to_date > from_date
)

select
    pupil_id,
    school_year::integer as school_year,
    case max(rank)
        when 4 then 'looked after twelve months'
        when 3 then 'looked after'
        when 2 then 'on a plan'
        else 'in need'
    end as status,
from years
group by pupil_id, school_year;

-- Pupils whom published figures on offending count: at the end of key stage 4 in a state
-- school from 2012/13, and old enough to be followed to 18.
create or replace temp table offending_cohort as
select
    outcome.*,
    coalesce(outcome.n_convictions + outcome.n_cautions > 0, false) as is_offender,
    need.pupil_id is not null as is_ever_in_need,
    care.pupil_id is not null as is_ever_looked_after,
    suspended.is_ever_suspended,
from wh.marts.person_outcome as outcome
left join (
    select distinct pupil_id
    from wh.intermediate.int_cin_referral
    where coalesce(not is_referral_nfa, true)
    union
    select pupil_id from wh.intermediate.int_cla_person
) as need on outcome.pupil_id = need.pupil_id
left join wh.intermediate.int_cla_person as care on outcome.pupil_id = care.pupil_id
left join (
    select pupil_id, bool_or(n_suspensions > 0) as is_ever_suspended
    from wh.intermediate.int_exclusion_pupil_year
    group by pupil_id
) as suspended on outcome.pupil_id = suspended.pupil_id
where outcome.is_justice_10_17_complete
    and outcome.ks4_academic_year >= '2012/2013';
