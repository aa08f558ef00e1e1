with columns as (
    select
        staged.dataset,
        staged.column_name,
        staged.delivered_column,
        staged.kind,
        bool_or(aliases.is_required) as is_required
    from {{ ref('staged_column') }} as staged
    inner join {{ ref('column_aliases') }} as aliases
        on
            staged.dataset = aliases.dataset
            and staged.delivered_column = aliases.column_name
    group by
        staged.dataset,
        staged.column_name,
        staged.delivered_column,
        staged.kind
),

filled as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        column_name,
        n_rows,
        n_filled
    from {{ filled_counts(
        ref('stg_' ~ dataset),
        staged_columns(dataset),
    ) }} as counted
    union all
    {% endfor %}
    -- The exclusions of wide rows have cells of their own under the same names, several
    -- in a row.
    select
        'exclusion' as dataset,
        column_name,
        0 as n_rows,
        n_filled
    from {{ filled_counts(
        ref('stg_exclusion_slot'),
        ['category_code', 'start_date', 'sessions', 'reason_code', 'term_code', 'nc_year_code'],
    ) }} as counted
),

summed as (
    select
        dataset,
        column_name,
        sum(n_rows) as n_rows,
        least(sum(n_filled), sum(n_rows)) as n_filled
    from filled
    group by dataset, column_name
),

unreadable as (
    select
        dataset,
        column_name,
        sum(n_rows) as n_unreadable
    from {{ ref('value_issues') }}
    where issue in ('unreadable', 'written month first')
    group by dataset, column_name
),

final as (
    select
        columns.dataset,
        columns.column_name,
        columns.delivered_column,
        columns.kind,
        columns.is_required,
        cast(summed.n_rows as bigint) as n_rows,
        cast(summed.n_filled as bigint) as n_filled,
        cast(coalesce(unreadable.n_unreadable, 0) as bigint) as n_unreadable
    from columns
    left join summed
        on
            columns.dataset = summed.dataset
            and columns.column_name = summed.column_name
    left join unreadable
        on
            columns.dataset = unreadable.dataset
            and columns.column_name = unreadable.column_name
)

select * from final
