{{ config(materialized='view') }}
with cin as (
    select * from {{ without_catalog(ref('stg_cin')) }}
    where pupil_id is not null
),

categories as (
    select code from {{ without_catalog(ref('category_of_abuse')) }}
),

-- An unlisted code counts as blank: a word for "missing" or a typing error is not
-- evidence of a plan.
listed as (
    select
        cin.*,
        category.code as listed_category_of_abuse_code,
        initial_category.code as listed_initial_category_of_abuse_code,
        latest_category.code as listed_latest_category_of_abuse_code
    from cin
    left join categories as category on cin.category_of_abuse_code = category.code
    left join categories as initial_category
        on cin.initial_category_of_abuse_code = initial_category.code
    left join categories as latest_category
        on cin.latest_category_of_abuse_code = latest_category.code
),

final as (
    select
        pupil_id,
        academic_year,
        academic_year_end,
        referral_date,
        closure_date,
        is_referral_nfa,
        has_unreadable_nfa_flag,
        is_child_in_need_31_march,
        has_unreadable_31_march_flag,
        primary_need_code,
        reason_for_closure_code,
        category_of_abuse_code,
        initial_category_of_abuse_code,
        latest_category_of_abuse_code,
        number_of_previous_cpp,
        cpp_start_date,
        cpp_end_date,
        referral_source_code,
        local_authority_code,
        assessment_factors,
        coalesce(
            listed_category_of_abuse_code, listed_initial_category_of_abuse_code
        ) is not null as has_abuse_category,
        coalesce(
            category_of_abuse_code, initial_category_of_abuse_code
        ) is not null as has_abuse_category_as_delivered,
        {{ has_any_plan_field([
            'listed_category_of_abuse_code',
            'listed_initial_category_of_abuse_code',
            'listed_latest_category_of_abuse_code',
            'cpp_start_date',
            'cpp_end_date',
        ]) }} as has_any_plan_field,
        {{ is_need_episode('is_referral_nfa', 'reason_for_closure_code') }}
            as is_need_episode,
        -- Date and authority identify a referral. Without a date, only rows that are
        -- alike in everything are one referral: the same row, delivered again.
        case
            when referral_date is not null
                then
                    cast(referral_date as string)
                    || '|' || coalesce(local_authority_code, '')
            else
                'no date'
                {%- for column in [
                    'closure_date',
                    'reason_for_closure_code',
                    'primary_need_code',
                    'age_start_of_cin_period',
                    'age_end_of_cin_period',
                    'cpp_start_date',
                    'cpp_end_date',
                    'number_of_previous_cpp',
                    'referral_source_code',
                    'local_authority_code',
                    'assessment_factors',
                ] %}
                || '|' || coalesce(cast({{ column }} as string), '')
                {%- endfor %}
        end as referral_in_year,
        _source_file,
        _source_row
    from listed
)

select * from final
