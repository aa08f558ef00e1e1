{{ config(tags=['logic']) }}
-- The promise on which everything else stands: every pupil of the population file, and
-- every pupil whom an extract names, has exactly one row in the person mart, and nobody
-- else has one.
with pupils as (
    {% for dataset in datasets() %}
    select pupil_id from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

persons as (
    select
        pupil_id,
        count(*) as n_rows
    from {{ ref('person_highest_intervention') }}
    group by pupil_id
)

select coalesce(persons.n_rows, 0) as n_rows
from pupils
full outer join persons on pupils.pupil_id = persons.pupil_id
where
    pupils.pupil_id is null
    or persons.pupil_id is null
    or persons.n_rows <> 1
