-- The seed staged_column is the one list of the columns that hold delivered values.
-- Each is a column of its staging model, and is made from a column that the loader
-- knows. The list has each column that can have an issue, and each that the dictionary
-- of available years names. Returns one row per column for which this fails.
with seed as (
    select * from {{ ref('staged_column') }}
),

staging as (
    {% for dataset in datasets() %}
    {% set last_dataset = loop.last %}
    {% for column in staged_columns(dataset) %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        {{ 'true' if column in checked_columns(dataset) else 'false' }} as is_checked
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
    coalesce(seed.dataset, staging.dataset) as dataset,
    coalesce(seed.column_name, staging.column_name) as column_name
from seed
full outer join staging
    on seed.dataset = staging.dataset and seed.column_name = staging.column_name
left join aliases
    on
        seed.dataset = aliases.dataset
        and seed.delivered_column = aliases.column_name
where
    staging.column_name is null
    or (seed.column_name is null and staging.is_checked)
    or (seed.column_name is not null and aliases.column_name is null)
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
