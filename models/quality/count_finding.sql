{#- Findings that count rows of a model: code, dataset, model, condition. -#}
{%- set counted_rows = [
    (
        'unreadable_31_march_flag',
        none,
        'person_highest_intervention',
        'in_cin and is_child_in_need is null',
    ),
    ('in_care_before_birth', none, 'person_care_history', 'age_first_entry < 0'),
    ('end_before_start', none, 'care_episode', 'is_end_before_start'),
    ('period_length_disputed', none, 'period_of_care', 'is_length_disputed'),
    (
        'several_moj_uids',
        none,
        'person_highest_intervention',
        'has_conflicting_moj_uid',
    ),
    ('ks4_second_answer', 'ks4', 'int_ks4_pupil', 'differs_from_maximum'),
    (
        'absence_unknown',
        'absence',
        'int_absence_pupil_year',
        'sessions_possible is null',
    ),
    (
        'absence_over_maximum',
        'absence',
        'int_absence_pupil_year',
        'is_over_legal_maximum',
    ),
    (
        'exclusion_total_disputed',
        'exclusion',
        'int_exclusion_pupil_year',
        'is_total_disputed',
    ),
    (
        'permanent_exclusions_disputed',
        'exclusion',
        'int_exclusion_pupil_year',
        'is_permanent_disputed',
    ),
    (
        'justice_date_differs',
        'offence',
        'int_observation_window',
        'justice_last_date <> justice_last_record_date',
    ),
] -%}
with releases as (
    select * from {{ ref('int_cla_release') }}
),

found as (
    {% for code, dataset, model, condition in counted_rows %}
    select
        '{{ code }}' as code,
        cast({{ "'" ~ dataset ~ "'" if dataset else 'null' }} as string) as dataset,
        cast(null as string) as detail,
        count(*) filter (where {{ condition }}) as n,
        count(*) as n_total
    from {{ ref(model) }}
    union all
    {% endfor %}
    -- If every episode is shown, a child can have several rows in a year.
    select
        'second_row_in_year' as code,
        cast(null as string) as dataset,
        cast(null as string) as detail,
        count(*) filter (where person_years.n_cla_rows > 1) as n,
        count(*) as n_total
    from {{ ref('int_cla_person_year') }} as person_years
    cross join releases
    where not releases.is_every_episode_shown
),

final as (
    select
        code,
        dataset,
        detail,
        cast(n as bigint) as n,
        n_total
    from found
    where n > 0
)

select * from final
