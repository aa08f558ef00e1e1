-- Every pupil of the population file, and every pupil whom an extract names, has a row
-- in the person mart, and nobody else has one. A test of the mart checks that nobody
-- has two.
with persons as (
    select pupil_id from {{ ref('person_highest_intervention') }}
),

population as (
    select pupil_id from {{ ref('stg_population') }}
    where pupil_id is not null
),

seen as (
    {% for dataset in all_datasets() if dataset != 'population' %}
    select pupil_id from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

without_counterpart as (
    select
        persons.pupil_id as person,
        population.pupil_id as pupil_of_population
    from persons
    full outer join population on persons.pupil_id = population.pupil_id
    where persons.pupil_id is null or population.pupil_id is null
)

select 'in the population and not in the mart' as breach
from without_counterpart
where pupil_of_population is not null
union all
select 'in the mart alone' as breach
from without_counterpart
where
    person is not null
    and not exists (
        select 1 from seen
        where seen.pupil_id = without_counterpart.person
    )
union all
select 'in an extract and not in the mart' as breach
from seen
where
    not exists (
        select 1 from persons
        where persons.pupil_id = seen.pupil_id
    )
