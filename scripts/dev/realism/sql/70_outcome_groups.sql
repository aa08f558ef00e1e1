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

-- Serious violence has no code of its own: convictions of violence or robbery are nearest.
create or replace temp table offended_before_18 as
select
    pupil_id,
    bool_or(severity = 'custodial') as has_custody,
    min(first_offence_date) filter (
        where offence_group_code in ('01', '03') and outcome = 'conviction'
    ) as violence_date,
from wh.intermediate.int_offence_occasion
where offence_age < 18
group by pupil_id;

-- Pupils whom published figures on offending count: at the end of key stage 4 in a state
-- school in 2012/13 to 2017/18, and followed to 18. What else is said of them was known by
-- the end of key stage 4.
create or replace temp table offending_cohort as
with cohort as (
    select
        outcome.*,
        make_date(right(outcome.ks4_academic_year, 4)::integer, 8, 31) as ks4_end,
    from wh.marts.person_outcome as outcome
    where outcome.is_justice_10_17_complete
        and outcome.ks4_academic_year between '2012/2013' and '2017/2018'
        and outcome.pupil_id in (select pupil_id from wh.intermediate.int_census_pupil_year)
),

-- A referral that was assessed as not in need does not count.
need as (
    select pupil_id, min(referral_date) as need_date
    from wh.marts.referral
    where is_need_episode
    group by pupil_id
),

suspended as (
    select pupil_id, min(academic_year_end) as suspended_year
    from wh.intermediate.int_exclusion_pupil_year
    where n_suspensions > 0
    group by pupil_id
),

absent as (
    select
        pupil_id,
        bool_or(
            sessions_unauthorised + sessions_authorised >= 0.1 * sessions_possible
        ) as is_ever_absent,
    from wh.intermediate.int_absence_pupil_year
    where sessions_possible > 0 and not is_over_legal_maximum
    group by pupil_id
),

special_needs as (
    select
        pupil_id,
        bool_or(sen_code in ('S', 'E')) as has_statement,
        bool_or(sen_code in ('A', 'P', 'K', 'S', 'E')) as has_special_needs,
    from wh.intermediate.int_census_pupil_year
    group by pupil_id
),

-- Referral units are in a census of their own up to 2012/13, and in the absence files.
referral_units as (
    select distinct pupil_id
    from wh.staging.stg_census
    where _source_file ilike 'AP_Census%' or _source_file ilike 'PRU_Census%'
    union
    select distinct pupil_id
    from wh.staging.stg_absence
    where phase_code = 'PR'
)

select
    cohort.*,
    coalesce(cohort.n_convictions + cohort.n_cautions > 0, false) as is_offender,
    coalesce(offended.has_custody, false) as has_custody,
    referral_units.pupil_id is not null as was_in_referral_unit,
    results.any_pass,
    need.need_date,
    contact.first_plan_date as plan_date,
    -- Published figures leave out short breaks.
    contact.first_care_not_short_break_date as care_date,
    offended.violence_date,
    coalesce(least(need.need_date, care_date) <= ks4_end, false) as is_ever_in_need,
    coalesce(care_date <= ks4_end, false) as is_ever_looked_after,
    coalesce(suspended.suspended_year <= year(ks4_end), false) as is_ever_suspended,
    coalesce(absent.is_ever_absent, false) as is_ever_absent,
    special_needs.has_statement,
    special_needs.has_special_needs,
from cohort
left join need on cohort.pupil_id = need.pupil_id
left join wh.marts.person_first_contact as contact on cohort.pupil_id = contact.pupil_id
left join suspended on cohort.pupil_id = suspended.pupil_id
left join absent on cohort.pupil_id = absent.pupil_id
left join special_needs on cohort.pupil_id = special_needs.pupil_id
left join offended_before_18 as offended on cohort.pupil_id = offended.pupil_id
left join referral_units on cohort.pupil_id = referral_units.pupil_id
left join wh.intermediate.int_ks4_pupil as results
    on cohort.pupil_id = results.pupil_id;
