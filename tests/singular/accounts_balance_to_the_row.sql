-- Three sums must hold: lines = loaded + rejected, loaded = staged, staged = linked to
-- a person + excluded. They are counted from the tables themselves, because a file,
-- step or dataset that row_accounting leaves out shows no difference there. Returns one
-- row per file for which a sum fails.
with files as (
    select
        dataset,
        file_name as source_file,
        lines
    from {{ source('raw', 'load_files') }}
),

loaded as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        count(*) as n_rows
    from {{ source('raw', dataset) }}
    group by _source_file
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

rejected as (
    select
        dataset,
        _source_file as source_file,
        cast(sum(n_lines) as bigint) as n_rows
    from {{ source('raw', 'rejected_lines') }}
    group by dataset, _source_file
),

-- An offence can also be linked by the MoJ identifier.
staged as (
    {% for dataset in datasets() if dataset != 'offence' %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        count(*) as n_rows,
        count(pupil_id) as n_linked
    from {{ ref('stg_' ~ dataset) }}
    group by _source_file
    union all
    {% endfor %}
    select
        'offence' as dataset,
        offences._source_file as source_file,
        count(*) as n_rows,
        count(linked.pupil_id) as n_linked
    from {{ ref('stg_offence') }} as offences
    left join {{ ref('int_offence_row') }} as linked
        on
            offences._source_file = linked._source_file
            and offences._source_row = linked._source_row
    group by offences._source_file
),

accounts as (
    select
        dataset,
        source_file,
        max(n_rows_in) filter (where step = 'file to raw') as n_lines,
        sum(n_rows) filter (where step = 'file to raw' and is_kept) as n_loaded,
        sum(n_rows) filter (where step = 'file to raw' and not is_kept) as n_rejected,
        sum(n_rows) filter (where step = 'raw to staging') as n_staged,
        sum(n_rows) filter (where step = 'staging to person' and is_kept) as n_linked,
        sum(n_rows) filter (where step = 'staging to person' and not is_kept)
            as n_excluded
    from {{ ref('row_accounting') }}
    group by dataset, source_file
),

keys as (
    select
        dataset,
        source_file
    from files
    union
    select
        dataset,
        source_file
    from loaded
    union
    select
        dataset,
        source_file
    from rejected
    union
    select
        dataset,
        source_file
    from staged
    union
    select
        dataset,
        source_file
    from accounts
),

counted as (
    select
        keys.dataset,
        keys.source_file,
        coalesce(files.lines, 0) as n_lines,
        coalesce(loaded.n_rows, 0) as n_loaded,
        coalesce(rejected.n_rows, 0) as n_rejected,
        coalesce(staged.n_rows, 0) as n_staged,
        coalesce(staged.n_linked, 0) as n_linked,
        coalesce(staged.n_rows - staged.n_linked, 0) as n_excluded
    from keys
    left join files
        on keys.dataset = files.dataset and keys.source_file = files.source_file
    left join loaded
        on keys.dataset = loaded.dataset and keys.source_file = loaded.source_file
    left join rejected
        on keys.dataset = rejected.dataset and keys.source_file = rejected.source_file
    left join staged
        on keys.dataset = staged.dataset and keys.source_file = staged.source_file
)

select
    counted.dataset,
    counted.source_file
from counted
left join accounts
    on
        counted.dataset = accounts.dataset
        and counted.source_file = accounts.source_file
where
    counted.n_lines <> counted.n_loaded + counted.n_rejected
    or counted.n_loaded <> counted.n_staged
    or counted.n_lines <> coalesce(accounts.n_lines, -1)
    or counted.n_loaded <> coalesce(accounts.n_loaded, 0)
    or counted.n_rejected <> coalesce(accounts.n_rejected, 0)
    or counted.n_staged <> coalesce(accounts.n_staged, 0)
    or counted.n_linked <> coalesce(accounts.n_linked, 0)
    or counted.n_excluded <> coalesce(accounts.n_excluded, 0)
