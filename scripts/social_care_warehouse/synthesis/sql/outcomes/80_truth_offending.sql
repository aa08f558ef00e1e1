-- What the police record shows of each life: proven occasions that were decided by its
-- last day.
create or replace temp table justice_truth as
select
    child_number,
    count(*) filter (where outcome = 'conviction' and age < 18)::integer as n_convictions,
    count(*) filter (where outcome = 'caution' and age < 18)::integer as n_cautions,
    max(if(age >= 18, null, case severity
        when 'caution' then 1
        when 'non-custodial' then 2
        when 'custodial' then 3
    end))::integer as highest_disposal_rank,
    min(offence_date) as first_offence_date,
    min(age)::integer as first_offence_age,
    min(decision_date) filter (where outcome = 'conviction') as first_conviction_date,
from occasion
where outcome != 'not guilty'
    and decision_date <= getvariable('offences_last_day')
group by child_number;
