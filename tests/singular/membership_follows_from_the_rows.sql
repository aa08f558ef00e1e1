-- A pupil with a row in an extract is in it, even where no other value of the row can
-- be read.
with cla as (
    select distinct pupil_id from {{ ref('stg_cla') }}
    where pupil_id is not null
),

cin as (
    select distinct pupil_id from {{ ref('stg_cin') }}
    where pupil_id is not null
),

persons as (
    select
        pupil_id,
        in_cla,
        in_cin
    from {{ ref('person_highest_intervention') }}
)

select 1 as breach
from persons
left join cla on persons.pupil_id = cla.pupil_id
left join cin on persons.pupil_id = cin.pupil_id
where
    persons.in_cla <> (cla.pupil_id is not null)
    or persons.in_cin <> (cin.pupil_id is not null)
