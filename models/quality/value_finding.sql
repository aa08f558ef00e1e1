with columns as (
    select * from {{ ref('column_fill') }}
),

issues as (
    select
        dataset,
        column_name,
        issue,
        sum(n_rows) as n
    from {{ ref('value_issues') }}
    group by dataset, column_name, issue
),

-- The same issue does more harm in an identifier, or in a date, flag or year that the
-- rules read, than elsewhere; and most where no value of the column is left.
issue_findings as (
    select
        case
            when issues.issue = 'recoded' then 'code_recoded'
            when issues.issue = 'outside the plausible range' then 'value_implausible'
            when columns.kind = 'identifier' then 'identifier_unreadable'
            -- Of dates that are written month first, 19 of 31 cannot be read day first.
            -- A few in a column of other dates are slips.
            when
                issues.issue = 'written month first' and 2 * issues.n > columns.n_filled
                then 'month_first_column'
            when issues.issue not in ('unreadable', 'written month first')
                then 'value_contradiction'
            when columns.n_filled = 0 then 'column_unreadable'
            when columns.is_required and columns.kind in ('date', 'flag', 'year')
                then 'key_value_unreadable'
            else 'value_unreadable'
        end as code,
        issues.dataset,
        case when issues.issue <> 'recoded' then issues.column_name end as column_name,
        issues.issue as detail,
        issues.n,
        columns.n_rows as n_total
    from issues
    left join columns
        on
            issues.dataset = columns.dataset
            and issues.column_name = columns.column_name
),

breach_findings as (
    select
        case
            when breach = 'not in the code list' then 'code_not_listed'
            else 'code_outside_its_years'
        end as code,
        dataset,
        column_name,
        breach as detail,
        n_rows as n
    from {{ ref('code_list_breaches') }}
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

-- Columns about plans are filled in few rows. A year too small to expect five values, at
-- the share of all years, can be empty by chance.
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
        empty_years.n_years
    from columns
    inner join empty_years
        on
            columns.dataset = empty_years.dataset
            and columns.column_name = empty_years.column_name
    where columns.n_filled > 0 or columns.n_unreadable = 0
),

found as (
    select
        code,
        dataset,
        column_name,
        detail,
        n,
        n_total
    from issue_findings
    union all
    select
        code,
        dataset,
        column_name,
        detail,
        n,
        cast(null as bigint) as n_total
    from breach_findings
    union all
    select
        case
            when is_never_filled and is_required then 'required_column_empty'
            when is_never_filled then 'optional_column_empty'
            else 'column_empty_in_years'
        end as code,
        dataset,
        case when is_required or not is_never_filled then column_name end
            as column_name,
        cast(null as string) as detail,
        case
            when is_never_filled and is_required then n_rows
            when is_never_filled then 1
            else n_years
        end as n,
        cast(null as bigint) as n_total
    from empty_columns
),

final as (
    select
        code,
        dataset,
        column_name,
        detail,
        cast(sum(n) as bigint) as n,
        max(n_total) as n_total
    from found
    group by code, dataset, column_name, detail
)

select * from final
