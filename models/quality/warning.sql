{#- Of a model, the condition under which a row of it is odd, what such a row is, and
    what is to be said of it. -#}
{%- set odd_rows = [
    (
        'person_highest_intervention', 'int_pupil', 'not in_population',
        'pupil', 'of an extract not in the population file',
    ),
    (
        'person_highest_intervention', 'int_pupil', 'has_conflicting_moj_uid',
        'person',
        'with more than one MoJ identifier; the one delivered most often was taken',
    ),
    (
        'person_year', 'int_cla_person_year',
        'n_cla_rows > 1 and not (select is_every_episode_shown from releases)',
        'child-year',
        'with a second looked after row, though this release shows one a year',
    ),
    (
        'care_episode', 'int_cla_episode', 'is_end_before_start',
        'episode', 'ending before the start, so without days in care',
    ),
    (
        'period_of_care', 'period_of_care', 'is_length_disputed',
        'period', 'of care whose delivered length is not that of the dates',
    ),
    (
        'person_care_history', 'person_care_history', 'age_first_entry < 0',
        'person', 'in care before birth, by the dates',
    ),
] -%}
{%- set without_rows = {
    'cla': 'nobody is known to have been looked after',
    'cin': 'nobody is known to have been on a plan, in need or referred',
    'population': 'only pupils whom an extract names are persons',
} -%}
with accounts as (
    select
        dataset,
        step,
        outcome,
        sum(n_rows) as n_rows
    from {{ ref('row_accounting') }}
    where not is_kept
    group by dataset, step, outcome
),

odd_values as (
    {% for model, finding in [
        ('value_issues', 'issue'),
        ('code_list_breaches', 'breach'),
    ] %}
    select
        '{{ model }}' as source_table,
        dataset,
        column_name,
        {{ finding }} as finding,
        sum(n_rows) as n_rows
    from {{ ref(model) }}
    group by dataset, column_name, {{ finding }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

odd as (
    {% for source_table, model, condition, row, said in odd_rows %}
    select
        '{{ source_table }}' as source_table,
        count(*) as n_rows,
        {{ counted('count(*)', row) }} || ' {{ said }}.' as message
    from {{ ref(model) }}
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

persons as (
    select count(*) as n_persons from {{ ref('int_pupil') }}
),

{% for dataset in datasets() %}
{{ dataset }}_rows as (
    select count(*) as n_rows from {{ ref('stg_' ~ dataset) }}
),

{% endfor -%}

-- A dataset of which there is no row matters to all persons.
missing as (
    {% for dataset in datasets() %}
    select
        'mart_coverage' as source_table,
        greatest(persons.n_persons, 1) as n_rows,
        '{{ dataset }}: no rows were delivered, so {{ without_rows[dataset] }}.'
            as message
    from persons
    cross join {{ dataset }}_rows
    where {{ dataset }}_rows.n_rows = 0
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

other_conflicts as (
    select * from {{ ref('identity_conflicts') }}
    where conflict_type <> 'pupil with more than one MoJ identifier'
),

in_two_authorities as (
    select
        dataset,
        sum(n_pupils_in_two_authorities) as n_pupil_years
    from {{ ref('two_authorities') }}
    group by dataset
),

empty_columns as (
    select
        dataset,
        column_name,
        sum(n_filled) = 0 as is_never_filled,
        count(case when finding = 'empty although expected' then 1 end) as n_years,
        sum(
            case when finding = 'empty although expected' then n_rows else 0 end
        ) as n_rows
    from {{ ref('column_coverage') }}
    group by dataset, column_name
),

far_counts as (
    select
        dataset,
        count(*) as n_counts
    from {{ ref('published_comparison') }}
    where finding is not null
    group by dataset
),

sentences as (
    select
        'row_accounting' as source_table,
        n_rows,
        case outcome
            when 'no pupil reference'
                then
                    dataset || ': ' || {{ counted('n_rows', 'row') }}
                    || ' without a pupil reference, so in no person mart.'
            when 'no episode start date'
                then
                    dataset || ': ' || {{ counted('n_rows', 'row') }}
                    || ' without a start date that can be read, so in no episode.'
            else
                dataset || ': ' || {{ counted('n_rows', 'line') }}
                || ' not loaded, because: ' || outcome || '.'
        end as message
    from accounts
    where not (step = 'staging to episode' and outcome = 'no pupil reference')
    union all
    select
        source_table,
        n_rows,
        dataset || '.' || column_name || ': ' || finding || ' ('
        || {{ counted('n_rows', 'value') }} || ').' as message
    from odd_values
    union all
    select * from odd
    union all
    select * from missing
    union all
    select
        'identity_conflicts' as source_table,
        n_found as n_rows,
        conflict_type || ': ' || n_found || ' of ' || n_checked || '.' as message
    from other_conflicts
    union all
    select
        'duplicate_rows' as source_table,
        n_duplicate_rows as n_rows,
        dataset || ': ' || {{ counted('n_duplicate_rows', 'row') }}
        || ' delivered again, alike in every column.' as message
    from {{ ref('duplicate_rows') }}
    union all
    select
        'two_authorities' as source_table,
        n_pupil_years as n_rows,
        dataset || ': pupils with two local authorities in one year ('
        || n_pupil_years || ', added up over the years).' as message
    from in_two_authorities
    union all
    select
        'column_coverage' as source_table,
        n_rows,
        dataset || '.' || column_name || ': '
        || case
            when is_never_filled
                then 'not delivered, or nothing in it can be read.'
            else
                'empty in ' || {{ counted('n_years', 'year') }}
                || ' in which it should be filled.'
        end as message
    from empty_columns
    union all
    select
        'published_comparison' as source_table,
        n_counts as n_rows,
        dataset || ': ' || {{ counted('n_counts', 'yearly count') }}
        || ' over a tenth off the published figure.' as message
    from far_counts
),

final as (
    select
        source_table,
        message,
        cast(n_rows as bigint) as n_rows
    from sentences
    where n_rows > 0
)

select * from final
