with pupils as (
    select * from {{ ref('int_pupil') }}
),

cla as (
    select * from {{ ref('int_cla_person_year') }}
    where academic_year is not null
),

cin as (
    select * from {{ ref('int_cin_person_year') }}
    where academic_year is not null
),

chosen as (
    select * from {{ ref('intervention_definitions') }}
    where definition = '{{ var("intervention_definition") }}'
),

-- The evidence from the rows of one year. Items of a dataset in which the person has no
-- row in the year are NULL.
evidence as (
    select
        coalesce(cla.pupil_id, cin.pupil_id) as pupil_id,
        coalesce(cla.academic_year, cin.academic_year) as academic_year,
        cla.pupil_id is not null as in_cla,
        cin.pupil_id is not null as in_cin,
        cla.is_looked_after_31_march,
        cla.is_short_breaks_only,
        cin.is_child_in_need_31_march as is_child_in_need,
        cin.is_assessed_in_need,
        cin.cpp_by_abuse_category,
        cin.cpp_by_abuse_category_as_delivered,
        cin.number_of_previous_cpp >= 1 as cpp_by_previous_plans,
        cin.cpp_by_plan_start,
        cin.cpp_by_any_plan_field,
        cin.n_referrals_nfa
    from cla
    full outer join cin
        on cla.pupil_id = cin.pupil_id and cla.academic_year = cin.academic_year
),

-- The same rule as for the whole of childhood, on the rows of the year alone.
ranked as (
    select
        evidence.*,
        {{ intervention_rank('chosen', 'evidence') }}
            as highest_intervention_rank
    from evidence
    cross join chosen
),

aged as (
    select
        ranked.*,
        max(ranked.highest_intervention_rank) over (
            partition by ranked.pupil_id
            order by ranked.academic_year
            rows between unbounded preceding and current row
        ) as rank_so_far,
        {{ reporting_year_named('ranked.academic_year') }} as reporting_year,
        pupils.year_of_birth,
        pupils.month_of_birth
    from ranked
    inner join pupils on ranked.pupil_id = pupils.pupil_id
),

final as (
    select
        {{ hash_key(['pupil_id', 'academic_year']) }} as person_year_id,
        pupil_id,
        academic_year,
        {{ age_in('reporting_year', 3, 'aged') }} as age_31_march,
        in_cla,
        in_cin,
        case when in_cla then true end as is_child_looked_after,
        is_looked_after_31_march,
        is_short_breaks_only,
        cpp_by_abuse_category or cpp_by_previous_plans as is_child_protection_plan,
        cpp_by_abuse_category,
        cpp_by_previous_plans,
        is_child_in_need as is_child_in_need_31_march,
        is_assessed_in_need,
        n_referrals_nfa,
        {{ intervention_from_rank('highest_intervention_rank') }}
            as highest_intervention,
        cast(highest_intervention_rank as integer) as highest_intervention_rank,
        {{ intervention_from_rank('rank_so_far') }} as highest_intervention_so_far,
        cast(rank_so_far as integer) as highest_intervention_so_far_rank
    from aged
)

select * from final
