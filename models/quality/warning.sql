with findings as (
    select * from {{ ref('finding') }}
),

messages as (
    select * from {{ ref('quality_messages') }}
),

counted as (
    select
        messages.severity,
        messages.message_order,
        messages.message,
        messages.source_table,
        messages.unit,
        findings.code,
        coalesce(findings.dataset, '') as dataset,
        coalesce(findings.column_name, '') as column_name,
        coalesce(findings.detail, '') as detail,
        findings.n,
        cast(findings.n as string) as n_text,
        coalesce(cast(findings.n_total as string), '') as n_total_text,
        case when findings.n = 1 then messages.unit else messages.unit_plural end
            as units
    from findings
    left join messages on findings.code = messages.code
),

-- {detail} comes last, so that its text is not searched for other placeholders.
worded as (
    select
        *,
        replace(
            replace(
                replace(
                    replace(
                        replace(
                            replace(message, '{n_units}', n_text || ' ' || units),
                            '{n_total}', n_total_text
                        ),
                        '{n}', n_text
                    ),
                    '{dataset}', dataset
                ),
                '{column}', column_name
            ),
            '{detail}', detail
        ) as full_message
    from counted
),

-- Rows, columns and persons are different units, so numbers are compared only between
-- findings of one kind.
final as (
    select
        cast(row_number() over (
            order by message_order asc, n desc, full_message asc
        ) as integer) as warning_order,
        severity,
        full_message as message,
        source_table,
        n as n_rows,
        unit,
        code
    from worded
)

select * from final
