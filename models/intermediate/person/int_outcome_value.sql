{#- Everything by which a definition of the highest intervention decides. -#}
{%- set evidence_items = [
    'in_cla', 'in_cin', 'is_short_breaks_only', 'cpp_by_abuse_category',
    'cpp_by_abuse_category_as_delivered', 'cpp_by_previous_plans', 'cpp_by_plan_start',
    'cpp_by_any_plan_field', 'is_child_in_need', 'is_assessed_in_need'
] -%}
{#- The value of each outcome: 1 and 0 for yes and no, NULL where not observed. -#}
{%- set observed_absence = 'sessions_possible_secondary > 0' -%}
{%- set offended = 'is_justice_10_17_complete and first_offence_age < 18' -%}
{%- set values = {
    'level_2_english_maths': 'cast(ks4_level_2_english_maths as integer)',
    'attainment_percentile': 'round(ks4_attainment_rank)',
    'persistent_unauthorised_absence':
        'case when ' ~ observed_absence ~ ' then cast('
        ~ '10 * unauthorised_sessions_secondary >= sessions_possible_secondary as integer) end',
    'unauthorised_absence_percent':
        'case when ' ~ observed_absence ~ ' then round(cast(100 as double) '
        ~ '* unauthorised_sessions_secondary / sessions_possible_secondary, 1) end',
    'any_suspension': 'cast(n_suspensions_secondary > 0 as integer)',
    'n_suspensions': 'n_suspensions_secondary',
    'permanently_excluded': 'cast(is_permanently_excluded as integer)',
    'cautioned_or_convicted_10_17':
        'case when ' ~ offended ~ ' then 1 when is_justice_10_17_complete '
        ~ 'and (first_offence_age is not null or first_offence_date is null) then 0 end',
    'age_at_first_offence': 'case when ' ~ offended ~ ' then first_offence_age end',
    'cautioned': 'case when is_justice_complete then cast(n_cautions > 0 as integer) end',
    'convicted': 'case when is_justice_complete then cast(n_convictions > 0 as integer) end',
    'convicted_two_or_more':
        'case when is_justice_complete then cast(n_convictions > 1 as integer) end',
    'n_convictions': 'case when is_justice_complete then n_convictions end',
    'custodial':
        'case when is_justice_complete then cast(highest_disposal_rank = 3 as integer) end',
} -%}
{%- set orders = {
    'social_care_first_by_a_year': 'social care first by a year or more',
    'social_care_first_within_a_year': 'social care first by less than a year',
    'order_not_determined': 'same day or not determined',
    'justice_first': 'justice first',
} -%}
with outcomes as (
    select * from {{ ref('int_person_outcome') }}
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

-- Persons who are alike in the evidence are counted together, so that every definition
-- is applied to some thousand rows, not to persons.
counted as (
    select
        {{ evidence_items | join(',\n        ') }},
        persons.birth_cohort,
        names.outcome,
        cast(null as integer) as level_rank,
        case names.outcome
            {% for outcome, value in values.items() %}
            when '{{ outcome }}' then cast({{ value }} as double)
            {% endfor %}
        end as outcome_value,
        count(*) as n_persons
    from persons
    cross join names
    group by all
),

-- The order depends on the level whose first contact counts. It is observed of those
-- who have both a contact of the level and an offence.
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
        {{ offended }}
        and contact_order_{{ level }} not in (
            'neither', 'social care only', 'justice only'
        )
    group by all
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

order_names as (
    {% for outcome, order in orders.items() %}
    select
        '{{ outcome }}' as outcome,
        '{{ order }}' as contact_order
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select * from counted
    union all
    select
        {{ evidence_items | join(',\n        ') }},
        ordered.birth_cohort,
        order_names.outcome,
        ordered.level_rank,
        case when ordered.contact_order = order_names.contact_order then 1 else 0 end
            as outcome_value,
        ordered.n_persons
    from ordered
    cross join order_names
)

select * from final
