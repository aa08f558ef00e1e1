with cin as (
    select * from {{ ref('stg_cin') }}
    where pupil_id is not null
),

-- With its date, a referral is known again in the copies that later years hold of it:
-- two rows of one child with the same referral date are one referral. Without a date,
-- all that can be told is what happened to the child in a year.
identified as (
    select
        *,
        case
            when referral_date is not null then cast(referral_date as string)
            else coalesce('year ' || academic_year, 'year not known')
        end as referral_mark
    from cin
),

-- A referral is delivered in every year in which it was open, and its copies can
-- differ. The latest year knows most; what is left of the order only makes sure that
-- the order of rows in a file never decides.
ordered as (
    select
        *,
        row_number() over (
            partition by pupil_id, referral_mark
            order by
                academic_year desc nulls last,
                closure_date desc nulls last,
                reason_for_closure_code asc nulls last,
                is_referral_nfa desc nulls last,
                primary_need_code asc nulls last,
                category_of_abuse_code asc nulls last,
                latest_category_of_abuse_code asc nulls last,
                initial_category_of_abuse_code asc nulls last,
                cpp_start_date asc nulls last,
                cpp_end_date asc nulls last,
                referral_source_code asc nulls last,
                local_authority_code asc nulls last,
                assessment_factors asc nulls last,
                number_of_previous_cpp desc nulls last
        ) as recency
    from identified
),

-- A blank is no value: of each item the latest year that says something wins. The first
-- category of abuse and the first start of a plan are the earliest that were given.
folded as (
    select
        pupil_id,
        referral_mark,
        max(referral_date) as referral_date,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        cast(count(*) as integer) as n_yearly_rows,
        {{ latest_known('is_referral_nfa', 'recency') }} as is_referral_nfa,
        {{ latest_known('closure_date', 'recency') }} as closure_date,
        {{ latest_known('reason_for_closure_code', 'recency') }}
            as reason_for_closure_code,
        {{ latest_known('primary_need_code', 'recency') }} as primary_need_code,
        {{ latest_known('referral_source_code', 'recency') }} as referral_source_code,
        {{ latest_known('local_authority_code', 'recency') }} as local_authority_code,
        {{ latest_known('assessment_factors', 'recency') }} as assessment_factors,
        {{ latest_known('category_of_abuse_code', 'recency') }}
            as category_of_abuse_code,
        {{ latest_known('initial_category_of_abuse_code', '-recency') }}
            as initial_category_of_abuse_code,
        {{ latest_known('latest_category_of_abuse_code', 'recency') }}
            as latest_category_of_abuse_code,
        max(number_of_previous_cpp) as number_of_previous_cpp,
        min(cpp_start_date) as cpp_start_date,
        {{ latest_known('cpp_end_date', 'recency') }} as cpp_end_date,
        coalesce(bool_or(is_child_in_need_31_march), false)
            as is_child_in_need_31_march,
        {{ is_disputed('is_referral_nfa') }}
        or {{ is_disputed('reason_for_closure_code') }}
        or {{ is_disputed('primary_need_code') }}
        or {{ is_disputed('closure_date') }} as is_disputed
    from ordered
    group by pupil_id, referral_mark
),

final as (
    select
        {{ hash_key(['pupil_id', 'referral_mark']) }} as referral_id,
        folded.*,
        {{ is_need_episode('is_referral_nfa', 'reason_for_closure_code') }}
            as is_need_episode,
        {{ has_any_plan_field([
            'category_of_abuse_code',
            'initial_category_of_abuse_code',
            'latest_category_of_abuse_code',
            'cpp_start_date',
            'cpp_end_date',
        ]) }} as has_child_protection_plan,
        -- A closure before the referral is an error; the case then counts as closed on
        -- the day of the referral.
        case
            when closure_date < referral_date then 0
            else {{ days_between('referral_date', 'closure_date') }}
        end as days_open
    from folded
)

select * from final
