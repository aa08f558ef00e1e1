-- Children who are born in other school years than those asked for are left out: none,
-- if no years were asked for. The rates of the others do not change.
update birth_cohort
set
    pupil_weight = 0,
    other_weight = 0
where cohort_start_year
    not between getvariable('first_birth_year') and getvariable('last_birth_year');
