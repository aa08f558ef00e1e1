-- quality.column_coverage speaks of exactly the columns that the dictionary tells the
-- years of.
with dictionary as (
    select distinct
        dataset,
        column_name
    from {{ ref('column_availability') }}
),

covered as (
    {% for dataset in yearly_datasets() %}
    {% set last_dataset = loop.last %}
    {% for column in dictionary_columns()[dataset] %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name
    {% if not (last_dataset and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
)

select
    coalesce(dictionary.dataset, covered.dataset) as dataset,
    coalesce(dictionary.column_name, covered.column_name) as column_name
from dictionary
full outer join covered
    on
        dictionary.dataset = covered.dataset
        and dictionary.column_name = covered.column_name
where dictionary.column_name is null or covered.column_name is null
