with person_years as (
    select * from {{ ref('int_cin_person_year') }}
),

persons as (
    select * from {{ ref('int_cin_person') }}
),

availability as (
    select * from {{ ref('column_availability') }}
),

answers as (
    select
        'all' as academic_year,
        referral_only_by_31_march,
        referral_only_by_nfa
    from persons
    where referral_only_by_31_march is not null and referral_only_by_nfa is not null
    union all
    select
        academic_year,
        not is_child_in_need_31_march as referral_only_by_31_march,
        referral_only_by_nfa
    from person_years
    where
        academic_year is not null
        and is_child_in_need_31_march is not null
        and referral_only_by_nfa is not null
),

comparable as (
    {{ comparable_years(
        'cin',
        first_columns=['is_child_in_need_31_march'],
        second_columns=['is_referral_nfa']
    ) }}
),

{{ agreement(
    'answers',
    'comparable',
    'referral_only_by_31_march',
    'referral_only_by_nfa'
) }}

select * from final
