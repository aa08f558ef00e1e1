select
    highest_intervention,
    count(*) as n_persons,
    100.0 * count(*) / sum(count(*)) over () as percent
from marts.person_highest_intervention
group by highest_intervention
order by highest_intervention
