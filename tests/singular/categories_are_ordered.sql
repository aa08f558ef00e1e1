{{ config(enabled=(target.type == 'duckdb')) }}
-- Pins how the engine orders the categories. They sort by intervention in `order by`,
-- `min()` and `max()`, and compare so with a literal that is cast to the type; a bare
-- text literal makes the comparison one of texts, silently. If the last check ever
-- fails, the engine has learnt to compare, and the warnings in descriptions and README
-- can go.
with ranks as (
    {% for category in intervention_categories() %}
    select {{ loop.index0 }} as category_rank
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

categories as (
    select
        category_rank,
        {{ intervention_from_rank('category_rank') }} as category
    from ranks
),

sorted as (
    select
        category_rank,
        row_number() over (order by category) - 1 as place,
        category >= cast('child in need' as {{ intervention_type() }})
            as by_cast_literal,
        category >= 'child in need' as by_bare_literal,
        cast(category as string) >= 'child in need' as by_text
    from categories
),

summed as (
    select
        min(category) as lowest,
        max(category) as highest
    from categories
),

-- In an empty warehouse there is no highest person, and nothing to be wrong.
persons as (
    select
        max(highest_intervention) as highest,
        max(highest_intervention_rank) as highest_rank,
        typeof(max(highest_intervention)) as highest_type -- noqa: portability
    from {{ ref('person_highest_intervention') }}
)

select 'order by is not the order of intervention' as breach
from sorted
where place <> category_rank
union all
select 'min or max is not the order of intervention' as breach
from summed
where
    cast(lowest as string) <> '{{ intervention_categories() | first }}'
    or cast(highest as string) <> '{{ intervention_categories() | last }}'
union all
select 'max of the mart is not that of its rank' as breach
from persons
where highest is distinct from {{ intervention_from_rank('highest_rank') }}
union all
select 'the mart does not hold the ordered type' as breach
from persons
where highest_type not like 'ENUM(%'
union all
select 'a cast literal does not compare in order' as breach
from sorted
where by_cast_literal <> (category_rank >= 2)
union all
select 'a bare literal no longer compares as text' as breach
from sorted
where by_bare_literal <> by_text
