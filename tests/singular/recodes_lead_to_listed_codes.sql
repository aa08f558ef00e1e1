-- A recode must name a coded column, must not replace a code that the list knows, and
-- must lead to one that it does know (or to none).
with recodes as (
    select
        dataset,
        column_name,
        delivered_code,
        code
    from {{ ref('code_recodes') }}
),

listed as (
    {% for dataset, column, lookup in coded_columns() %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        code
    from {{ ref(lookup) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    recodes.dataset,
    recodes.column_name,
    recodes.delivered_code
from recodes
where
    recodes.delivered_code is distinct from staging.read_code(recodes.delivered_code)
    or exists (
        select 1 as one
        from listed
        where
            listed.dataset = recodes.dataset
            and listed.column_name = recodes.column_name
            and listed.code = recodes.delivered_code
    )
    or not exists (
        select 1 as one
        from listed
        where
            listed.dataset = recodes.dataset
            and listed.column_name = recodes.column_name
            and listed.code = coalesce(recodes.code, listed.code)
    )
