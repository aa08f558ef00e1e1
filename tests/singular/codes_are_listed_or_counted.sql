-- Code lists, the one way round: of every coded column, the delivered codes that its
-- list knows, in any spelling that is read, and those that quality.code_list_breaches
-- counts as unlisted are together all that there are.
with spellings as (
    {% for dataset, column, lookup in coded_columns() %}
    select
        '{{ dataset }}' as dataset,
        '{{ lookup }}' as lookup,
        code
    from {{ ref(lookup) }}
    union
    {% endfor %}
    {% for dataset, lookup, spelling in other_spellings() %}
    select
        '{{ dataset }}' as dataset,
        '{{ lookup }}' as lookup,
        {{ spelling }} as code
    from {{ ref(lookup) }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

delivered as (
    {% for dataset, column, lookup in coded_columns() %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        count(*) as n_coded,
        count(spellings.code) as n_listed
    from {{ ref('stg_' ~ dataset) }} as staged
    left join spellings
        on
            spellings.dataset = '{{ dataset }}'
            and spellings.lookup = '{{ lookup }}'
            and staged.{{ column }} = spellings.code
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
