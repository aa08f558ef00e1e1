-- Code lists, the one way round: of every coded column, the delivered codes that its
-- list knows and those that quality.code_list_breaches counts as unlisted are together
-- all that there are.
with delivered as (
    {% for dataset, column, lookup in coded_columns() %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        count(*) as n_coded,
        count({{ lookup }}.code) as n_listed
    from {{ ref('stg_' ~ dataset) }} as staged
    left join {{ ref(lookup) }} as {{ lookup }}
        on staged.{{ column }} = {{ lookup }}.code
    where staged.{{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unlisted as (
    select
        dataset,
        column_name,
        sum(n_rows) as n_rows
    from {{ ref('code_list_breaches') }}
    where breach = 'not in the code list'
    group by dataset, column_name
)

select
    delivered.dataset,
    delivered.column_name
from delivered
left join unlisted
    on
        delivered.dataset = unlisted.dataset
        and delivered.column_name = unlisted.column_name
where delivered.n_coded <> delivered.n_listed + coalesce(unlisted.n_rows, 0)
