select distinct birth_cohort
from intermediate.int_area_count
where birth_cohort is not null
order by birth_cohort
