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
            when issues.issue = 'at 23:00' then 'date_hour_early'
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

-- Where only a few dates are written month first they are unreadable like others: two
-- findings would have one message.
found as (
    select
        code,
        dataset,
        column_name,
        case
            when code <> 'month_first_column' and detail = 'written month first'
                then 'unreadable'
            else detail
        end as detail,
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
