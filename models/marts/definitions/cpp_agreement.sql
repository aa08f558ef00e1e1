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
        cpp_by_abuse_category,
        number_of_previous_cpp
    from person_years
    where academic_year is not null
),

comparable as (
    {{ comparable_years(
        answers='yearly',
        availability='availability',
        dataset='cin',
        first_columns=['category_of_abuse_code', 'initial_category_of_abuse_code'],
        second_columns=['number_of_previous_cpp']
    ) }}
),

-- The year 'all' has the answers from all rows of a person, as the person mart does. In
-- the years that cannot be compared, both methods say no to everybody, which looks like
-- agreement. So the comparable years together have answers of their own.
answers as (
    select
        'all' as academic_year,
        cpp_by_abuse_category,
        cpp_by_previous_plans
    from persons
    union all
    select
        'all comparable years' as academic_year,
        bool_or(yearly.cpp_by_abuse_category) as cpp_by_abuse_category,
        sum(yearly.number_of_previous_cpp) >= 1 as cpp_by_previous_plans
    from yearly
    inner join comparable on yearly.academic_year = comparable.academic_year
    group by yearly.pupil_id
    union all
    select
        academic_year,
        cpp_by_abuse_category,
        number_of_previous_cpp >= 1 as cpp_by_previous_plans
    from yearly
),

final as (
    {{ agreement(
        answers='answers',
        comparable='comparable',
        first_method='cpp_by_abuse_category',
        second_method='cpp_by_previous_plans'
    ) }}
)

select * from final
