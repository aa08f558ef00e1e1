{{ config(materialized='view') }}
with cin as (
    select * from {{ without_catalog(ref('stg_cin')) }}
    where pupil_id is not null
),

categories as (
    select code from {{ without_catalog(ref('category_of_abuse')) }}
),

repeated_rows as (
    select * from {{ without_catalog(ref('int_cin_repeated_row')) }}
),

corrections as (
    select * from {{ without_catalog(ref('int_cin_corrected_referral')) }}
),

shared_dates as (
    select
        pupil_id,
        referral_date,
        min(authority) as first_authority
    from repeated_rows
    where is_shared_date
    group by pupil_id, referral_date
),

-- The date identifies a referral in the rows of all years. If two authorities have a
-- referral on one date, each has its own. Without a date, only the year identifies it.
final as (
    select
        cin.*,
        -- A code that is not on the list counts as blank.
        {{ has_any_plan_field([
            'category.code',
            'initial_category.code',
            'latest_category.code',
            'cin.cpp_start_date',
            'cin.cpp_end_date',
        ]) }} as has_any_plan_field,
        coalesce(repeated_rows.is_used, true) as is_used,
        coalesce(corrections.corrected_date, cin.referral_date) as true_referral_date,
        case
            when shared_dates.pupil_id is not null
                then
                    {{ referral_mark('cin') }} || '|' || coalesce(
                        repeated_rows.authority,
                        cin.local_authority_code,
                        shared_dates.first_authority
                    )
            else coalesce(corrections.corrected_mark, {{ referral_mark('cin') }})
        end as referral_mark
    from cin
    left join categories as category on cin.category_of_abuse_code = category.code
    left join categories as initial_category
        on cin.initial_category_of_abuse_code = initial_category.code
    left join categories as latest_category
        on cin.latest_category_of_abuse_code = latest_category.code
    left join repeated_rows
        on
            cin._source_file = repeated_rows._source_file
            and cin._source_row = repeated_rows._source_row
    left join shared_dates
        on
            cin.pupil_id = shared_dates.pupil_id
            and cin.referral_date = shared_dates.referral_date
    left join corrections
        on
            cin.pupil_id = corrections.pupil_id
            and {{ referral_mark('cin') }} = corrections.referral_mark
)

select * from final
