-- A child already in care on those days does not come into care a second time.
insert into care_period
select round_care.*
from round_care
anti join care_period
    on round_care.child_number = care_period.child_number
    and round_care.period_start_date <= care_period.period_end_date
    and round_care.period_end_date >= care_period.period_start_date;

-- Those who came to England alone are referred on the day they are found, and are in
-- need for as long as they are looked after.
insert into referral
select
    child_number,
    referral_number,
    period_start_date,
    'need',
    period_end_date,
    'RC7',
    'N8',
    '6',
from round_care
where route = 'unaccompanied';
