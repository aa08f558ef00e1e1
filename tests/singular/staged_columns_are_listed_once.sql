-- The macro staged_columns and the seed staged_column list the same columns, the loader
-- knows each of them, and the dictionary of available years names no other column.
-- Returns one row per column for which this fails.
with seed as (
    select * from {{ ref('staged_column') }}
),

listed as (
    {% for dataset, columns in staged_columns().items() %}
    {% set last_dataset = loop.last %}
    {% for column in columns %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name
    {% if not (last_dataset and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

aliases as (
    select distinct
        dataset,
        column_name
    from {{ ref('column_aliases') }}
),

dictionary as (
    select distinct
        dataset,
        column_name
    from {{ ref('column_availability') }}
)

select
    coalesce(seed.dataset, listed.dataset) as dataset,
    coalesce(seed.column_name, listed.column_name) as column_name
from seed
full outer join listed
    on seed.dataset = listed.dataset and seed.column_name = listed.column_name
left join aliases
    on
        seed.dataset = aliases.dataset
        and seed.delivered_column = aliases.column_name
where listed.column_name is null or aliases.column_name is null
union all
select
    dictionary.dataset,
    dictionary.column_name
from dictionary
left join seed
    on
        dictionary.dataset = seed.dataset
        and dictionary.column_name = seed.column_name
where seed.column_name is null
