{{ config(tags=['logic']) }}
-- The promise on which everything else stands: every pupil of the population file, and
-- every pupil whom an extract names, has exactly one row in the person mart, and nobody
-- else has one.
with sightings as (
    {% for dataset in datasets() %}
    select
        pupil_id,
        0 as n_persons
    from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null
    union all
    {% endfor %}
    select
        pupil_id,
        1 as n_persons
    from {{ ref('person_highest_intervention') }}
)

select sum(n_persons) as n_persons
from sightings
group by pupil_id
having
    sum(n_persons) <> 1
    -- in the mart alone
    or count(*) = 1
