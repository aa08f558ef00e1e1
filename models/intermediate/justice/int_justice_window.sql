{{ config(materialized='view') }}
with offences as (
    select
        offence_date,
        conviction_date
    from {{ without_catalog(ref('int_offence')) }}
),

months as (
    select
        extract(year from justice_date) as calendar_year,
        extract(month from justice_date) as calendar_month,
        min(justice_date) as first_date,
        max(justice_date) as last_date,
        count(*) as n_dates,
        count(distinct justice_date) as n_days
    from (
        select offence_date as justice_date from offences
        union all
        select conviction_date as justice_date from offences
    ) as dates
    where justice_date is not null
    group by extract(year from justice_date), extract(month from justice_date)
),

compared_months as (
    select
        *,
        max(n_dates) over () as n_dates_of_fullest_month,
        max(n_days) over () as n_days_of_fullest_month
    from months
),

-- A few wrong dates far in the future would lengthen the window for everyone. A month
-- with less than a hundredth of the dates of the fullest month shows no end, nor does
-- one with less than a tenth of its days: a wrong date may be there many times.
justice as (
    select
        min(first_date) as justice_first_record_date,
        max(last_date) as justice_last_record_date
    from compared_months
    where
        n_dates * 100 >= n_dates_of_fullest_month
        and n_days * 10 >= n_days_of_fullest_month
),

delivered as (
    select
        count(*) > 0 as is_justice_delivered,
        count(conviction_date) > 0 as is_conviction_date_delivered
    from offences
),

final as (
    select
        delivered.is_justice_delivered,
        delivered.is_conviction_date_delivered,
        justice.justice_first_record_date,
        justice.justice_last_record_date,
        case
            when delivered.is_justice_delivered
                then cast('{{ var("pnc_first_date") }}' as date)
        end as justice_first_date,
        case
            when not delivered.is_justice_delivered then null
            {%- if var('pnc_last_date') %}
            else cast('{{ var("pnc_last_date") }}' as date)
            {%- else %}
            else justice.justice_last_record_date
            {%- endif %}
        end as justice_last_date
    from delivered
    cross join justice
)

select * from final
