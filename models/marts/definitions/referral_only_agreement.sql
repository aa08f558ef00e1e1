with person_years as (
    select * from {{ ref('int_cin_person_year') }}
),

persons as (
    select * from {{ ref('int_cin_person') }}
),

availability as (
    select * from {{ ref('column_availability') }}
),

yearly as (
    select
        pupil_id,
        academic_year,
        not is_child_in_need_31_march as referral_only_by_31_march,
        referral_only_by_nfa
    from person_years
    where academic_year is not null
),

comparable as (
    {{ comparable_years(
        answers='yearly',
        availability='availability',
        dataset='cin',
        first_columns=['is_child_in_need_31_march'],
        second_columns=['is_referral_nfa']
    ) }}
),

-- The year 'all' has the answers from all rows of a person, as the person mart does. A
-- year in which a method has nothing to read is left out of the comparable years.
all_answers as (
    select
        'all' as academic_year,
        referral_only_by_31_march,
        referral_only_by_nfa
    from persons
    union all
    select
        'all comparable years' as academic_year,
        not {{ any_yes(
            'not yearly.referral_only_by_31_march',
            'yearly.referral_only_by_31_march is null'
        ) }} as referral_only_by_31_march,
        {{ any_yes(
            'yearly.referral_only_by_nfa', 'yearly.referral_only_by_nfa is null'
        ) }} as referral_only_by_nfa
    from yearly
    inner join comparable on yearly.academic_year = comparable.academic_year
    group by yearly.pupil_id
    union all
    select
        academic_year,
        referral_only_by_31_march,
        referral_only_by_nfa
    from yearly
),

-- A flag that cannot be read leaves the answer unknown, so there is nothing to compare.
answers as (
    select * from all_answers
    where referral_only_by_31_march is not null and referral_only_by_nfa is not null
),

final as (
    {{ agreement(
        answers='answers',
        comparable='comparable',
        first_method='referral_only_by_31_march',
        second_method='referral_only_by_nfa'
    ) }}
)

select * from final
