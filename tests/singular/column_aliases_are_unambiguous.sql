-- The loader compares headers without regard to case, spaces, dots and underscores. So,
-- compared in that way, an alias may belong to one column of a dataset only; each
-- column must go by its own name; and a column is required or not, whichever alias
-- brings it. One row for each breach.
with aliases as (
    select
        dataset,
        column_name,
        is_required,
        {{ without_matches('lower(alias)', '[^a-z0-9]') }} as header_name,
        {{ without_matches('lower(column_name)', '[^a-z0-9]') }} as own_name
    from {{ ref('column_aliases') }}
)

select
    dataset,
    header_name,
    'an alias belongs to more than one column, or twice to one' as breach
from aliases
group by dataset, header_name
having count(*) > 1
union all
select
    dataset,
    header_name,
    'an alias is empty' as breach
from aliases
where header_name = ''
union all
select
    dataset,
    column_name as header_name,
    'a column is required by some aliases only' as breach
from aliases
group by dataset, column_name
having min(cast(is_required as integer)) <> max(cast(is_required as integer))
union all
select
    dataset,
    column_name as header_name,
    'a column does not go by its own name' as breach
from aliases
group by dataset, column_name
having count(*) filter (where header_name = own_name) = 0
