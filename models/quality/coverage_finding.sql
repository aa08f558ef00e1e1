with columns as (
    select
        *,
        kind = 'flag' and is_required and dataset in ('cla', 'cin')
            as is_flag_of_social_care
    from {{ ref('column_fill') }}
),

coverage as (
    select * from {{ ref('column_coverage') }}
),

usual as (
    select
        dataset,
        column_name,
        cast(sum(n_filled) as double) / sum(n_rows) as share_filled
    from coverage
    where is_expected
    group by dataset, column_name
),

-- Columns about plans are filled in few rows. A year too small to expect five values,
-- at the share of all years, can be empty by chance.
empty_years as (
    select
        coverage.dataset,
        coverage.column_name,
        count(*) as n_years
    from coverage
    inner join usual
        on
            coverage.dataset = usual.dataset
            and coverage.column_name = usual.column_name
    where
        coverage.finding = 'empty although expected'
        and (usual.share_filled = 0 or coverage.n_rows * usual.share_filled >= 5)
    group by coverage.dataset, coverage.column_name
),

-- A column whose values cannot be read has a finding already.
empty_columns as (
    select
        columns.dataset,
        columns.column_name,
        columns.n_rows,
        columns.is_required,
        columns.n_filled = 0 as is_never_filled,
        columns.is_flag_of_social_care,
        empty_years.n_years
    from columns
    inner join empty_years
        on
            columns.dataset = empty_years.dataset
            and columns.column_name = empty_years.column_name
    where columns.n_filled > 0 or columns.n_unreadable = 0
),

-- Blank rows of years in which others have a value. Unreadable values are not blank.
partly_blank_flags as (
    select
        columns.dataset,
        columns.column_name,
        sum(coverage.n_rows - coverage.n_filled) - max(columns.n_unreadable) as n_blank
    from columns
    inner join coverage
        on
            columns.dataset = coverage.dataset
            and columns.column_name = coverage.column_name
    where
        columns.is_flag_of_social_care
        and coverage.is_expected
        and coverage.n_filled > 0
    group by columns.dataset, columns.column_name
),

found as (
    select
        case
            when is_flag_of_social_care then 'flag_empty_in_years'
            when is_never_filled and is_required then 'required_column_empty'
            when is_never_filled then 'optional_column_empty'
            else 'column_empty_in_years'
        end as code,
        dataset,
        case when is_required or not is_never_filled then column_name end
            as column_name,
        case
            when is_flag_of_social_care then n_years
            when is_never_filled and is_required then n_rows
            when is_never_filled then 1
            else n_years
        end as n
    from empty_columns
    union all
    select
        'flag_partly_blank' as code,
        dataset,
        column_name,
        n_blank as n
    from partly_blank_flags
    where n_blank > 0
),

final as (
    select
        code,
        dataset,
        column_name,
        cast(sum(n) as bigint) as n
    from found
    group by code, dataset, column_name
)

select * from final
