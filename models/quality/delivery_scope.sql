{#- What stands or falls with a column of the delivery: of a model, the condition under
    which a row of it tells an item, and the marts that have the item. -#}
{%- set by_column = {
    'episodes': [
        ('placement_code', ['care_episode.placement_code']),
        ('legal_status_code', ['care_episode.legal_status_code']),
        ('category_of_need_code', ['care_episode.category_of_need_code']),
        ('local_authority_code', ['care_episode.local_authority_code']),
        ('period_of_care_start_date', ['care_episode.period_of_care_start_date']),
        ('period_of_care_length', ['period_of_care.delivered_length']),
        ('episode_start_date', ['person_first_contact.first_care_date']),
    ],
    'pupils_in_care': [
        ('year_of_birth + month_of_birth', ['person_care_history.age_first_entry']),
    ],
    'pupils_with_a_year': [
        ('year_of_birth + month_of_birth', ['person_year.age_31_march']),
    ],
    'referrals': [
        (
            'referral_date',
            ['referral.referral_date', 'person_first_contact.first_referral_date'],
        ),
        ('closure_date', ['referral.closure_date']),
        (
            'cpp_start_date',
            ['referral.cpp_start_date', 'person_first_contact.first_plan_date'],
        ),
        ('number_of_previous_cpp', ['referral.number_of_previous_cpp']),
        ('referral_source_code', ['referral.referral_source_code']),
        ('assessment_factors', ['referral_factor.factor_code']),
    ],
} -%}
{#- What is whole only where every episode is shown. -#}
{%- set by_release = [
    'care_episode.care_episode_id',
    'period_of_care.n_placement_moves',
    'period_of_care.n_placements',
    'person_care_history.n_placement_moves',
    'person_care_history.n_re_entries',
    'person_care_history.n_returns_home',
    'person_highest_intervention.n_care_episodes',
    'person_highest_intervention.n_placement_types',
    'person_placement.placement_days',
] -%}
with releases as (
    select * from {{ ref('int_cla_release') }}
),

all_episodes as (
    select * from {{ ref('int_cla_episode') }}
),

all_referrals as (
    select * from {{ ref('int_cin_referral') }}
),

pupils as (
    select
        pupils.year_of_birth,
        pupils.month_of_birth,
        evidence.n_periods_of_care,
        evidence.first_academic_year
    from {{ ref('int_person_evidence') }} as evidence
    inner join {{ ref('int_pupil') }} as pupils on evidence.pupil_id = pupils.pupil_id
),

all_pupils_in_care as (
    select * from pupils
    where n_periods_of_care > 0
),

all_pupils_with_a_year as (
    select * from pupils
    where first_academic_year is not null
),

{% for name, columns in by_column.items() %}
{{ name }} as (
    select
        {% for column, items in columns %}
        count({{ column }}) as n_{{ loop.index }},
        {% endfor %}
        count(*) as n_rows
    from all_{{ name }}
),

{% endfor %}
items as (
    {% for name, columns in by_column.items() %}
    {% for column, items in columns %}
    {% set place = loop.index %}
    {% for item in items %}
    select
        '{{ item }}' as item,
        n_rows,
        n_{{ place }} as n_rows_that_tell,
        false as is_lower_bound
    from {{ name }}
    union all
    {% endfor %}
    {% endfor %}
    {% endfor %}
    {% for item in by_release %}
    select
        '{{ item }}' as item,
        episodes.n_rows,
        episodes.n_rows as n_rows_that_tell,
        not releases.is_every_episode_shown as is_lower_bound
    from episodes
    cross join releases
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        item,
        split_part(item, '.', 1) as mart_name,
        split_part(item, '.', 2) as item_name,
        case
            when n_rows_that_tell = 0 then 'not told'
            when is_lower_bound then 'lower bound'
            when n_rows_that_tell < n_rows then 'told in part'
            else 'told'
        end as scope,
        cast(n_rows as bigint) as n_rows,
        cast(n_rows_that_tell as bigint) as n_rows_that_tell
    from items
)

select * from final
