{#- Everything by which a definition of the highest intervention decides. -#}
{%- set evidence_items = [
    'in_cla', 'in_cin', 'is_short_breaks_only', 'cpp_by_abuse_category',
    'cpp_by_abuse_category_as_delivered', 'cpp_by_previous_plans', 'cpp_by_plan_start',
    'cpp_by_any_plan_field', 'is_child_in_need', 'is_assessed_in_need'
] -%}
{%- set values = outcome_values() -%}
{%- set orders = {
    'social_care_first_by_a_year': 'social care first by a year or more',
    'social_care_first_within_a_year': 'social care first by less than a year',
    'order_not_determined': 'same day or not determined',
    'justice_first': 'justice first',
} -%}
with outcomes as (
    select * from {{ ref('person_outcome') }}
),

evidence as (
    select * from {{ ref('int_person_evidence') }}
),

persons as (
    select
        {% for item in evidence_items %}
        evidence.{{ item }},
        {% endfor %}
        outcomes.*
    from outcomes
    left join evidence on outcomes.pupil_id = evidence.pupil_id
),

names as (
    {% for outcome in values %}
    select '{{ outcome }}' as outcome
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Persons who are alike in the evidence and in all outcomes are counted together, so
-- that the outcomes are listed, and every definition is applied, for far fewer rows.
alike as (
    select
        {{ evidence_items | join(',\n        ') }},
        birth_cohort,
        {% for outcome, (_, value) in values.items() %}
        cast({{ value }} as double) as value_of_{{ outcome }},
        {% endfor %}
        count(*) as n_persons
    from persons
    group by all
),

counted as (
    select
        {{ evidence_items | join(',\n        ') }},
        alike.birth_cohort,
        names.outcome,
        cast(null as integer) as level_rank,
        case names.outcome
            {% for outcome in values %}
            when '{{ outcome }}' then value_of_{{ outcome }}
            {% endfor %}
        end as outcome_value,
        cast(sum(alike.n_persons) as bigint) as n_persons
    from alike
    cross join names
    group by all
),

-- The order depends on the level whose first contact counts. It is observed for persons
-- with both a contact of the level and an offence.
ordered as (
    {% for level in ['referral', 'need', 'plan', 'care'] %}
    select
        {{ evidence_items | join(',\n        ') }},
        birth_cohort,
        {{ loop.index }} as level_rank,
        contact_order_{{ level }} as contact_order,
        count(*) as n_persons
    from persons
    where
        {{ offended_10_17() }}
        and contact_order_{{ level }} not in (
            'neither', 'social care only', 'justice only'
        )
    group by all
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select * from counted
    {% for outcome, order in orders.items() %}
    union all
    select
        {{ evidence_items | join(',\n        ') }},
        birth_cohort,
        '{{ outcome }}' as outcome,
        level_rank,
        case when contact_order = '{{ order }}' then 1 else 0 end as outcome_value,
        n_persons
    from ordered
    {% endfor %}
)

select * from final
