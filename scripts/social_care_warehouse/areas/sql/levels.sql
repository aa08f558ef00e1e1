select distinct
    highest_intervention_rank,
    cast(highest_intervention as varchar) as highest_intervention
from marts.person_highest_intervention
order by highest_intervention_rank
