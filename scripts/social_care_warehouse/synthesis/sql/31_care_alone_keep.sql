-- A child already in care on those days does not come into care a second time.
insert into care_period
select round_care.*
from round_care
anti join care_period
    on round_care.child_number = care_period.child_number
    and round_care.period_start_date <= care_period.period_end_date
    and round_care.period_end_date >= care_period.period_start_date;
