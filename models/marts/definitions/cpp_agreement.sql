with person_years as (
    select * from {{ ref('int_cin_person_year') }}
),

persons as (
    select * from {{ ref('int_cin_person') }}
),

answers as (
    select
        'all' as academic_year,
        cpp_by_abuse_category,
        cpp_by_previous_plans
    from persons
    union all
    select
        academic_year,
        cpp_by_abuse_category,
        number_of_previous_cpp >= 1 as cpp_by_previous_plans
    from person_years
    where academic_year is not null
),

{{ agreement('answers', 'cpp_by_abuse_category', 'cpp_by_previous_plans') }}

select * from final
