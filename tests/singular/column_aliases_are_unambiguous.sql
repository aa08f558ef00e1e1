{{ config(tags=['logic']) }}
-- The loader compares headers without regard to case, spaces, dots and underscores. So, compared in
-- that way, an alias may belong to one column of a dataset only; each column must go by its own name;
-- and a column is required or not, whichever alias brings it. One row for each breach.
with aliases as (
    select
        dataset,
        column_name,
        is_required,
        regexp_replace(lower(alias), '[^a-z0-9]', '', 'g') as alias,
        regexp_replace(lower(column_name), '[^a-z0-9]', '', 'g') as own_alias
    from {{ ref('column_aliases') }}
)

select
    dataset,
    alias as name,
    'an alias stands for more than one column, or twice for one' as breach
from aliases
group by dataset, alias
having count(*) > 1
union all
select
    dataset,
    alias as name,
    'an alias is empty' as breach
from aliases
where alias = ''
union all
select
    dataset,
    column_name as name,
    'a column is required by some aliases only' as breach
from aliases
group by dataset, column_name
having min(cast(is_required as integer)) <> max(cast(is_required as integer))
union all
select
    dataset,
    column_name as name,
    'a column does not go by its own name' as breach
from aliases
group by dataset, column_name
having max(case when alias = own_alias then 1 else 0 end) = 0
union all
select
    'none' as dataset,
    dataset as name,
    'a dataset without a staging model' as breach
from aliases
where dataset not in ('{{ datasets() | join("', '") }}')
