with definitions as (
    select * from {{ ref('intervention_definitions') }}
),

measures as (
    select * from {{ ref('outcome_measures') }}
),

observed as (
    select * from {{ ref('int_outcome_observed') }}
),

-- Everybody has a row for each outcome that does not depend on a level.
persons as (
    select * from observed
    where outcome = 'convicted'
),

cohorts as (
    select distinct birth_cohort from persons
),

levels as (
    {% for category in intervention_categories() %}
    select {{ loop.index0 }} as highest_intervention_rank
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        {{ hash_key([
            'definitions.definition',
            'levels.highest_intervention_rank',
            'measures.outcome',
            'cohorts.birth_cohort',
        ]) }} as outcome_by_intervention_id,
        definitions.definition,
        {{ intervention_from_rank('levels.highest_intervention_rank') }}
            as highest_intervention,
        cast(levels.highest_intervention_rank as integer) as highest_intervention_rank,
        measures.outcome,
        measures.label as outcome_label,
        measures.measure_type,
        cohorts.birth_cohort,
        coalesce(persons.n_persons, 0) as n_persons,
        coalesce(observed.n_observed, 0) as n_observed,
        case when measures.measure_type <> 'measure' then observed.n_with_outcome end
            as n_with_outcome,
        case
            when measures.measure_type <> 'measure'
                then 100 * cast(observed.n_with_outcome as double) / observed.n_observed
        end as percent_with_outcome,
        case when measures.measure_type <> 'share' then observed.median_value end
            as median_value,
        case when measures.measure_type <> 'share' then observed.mean_value end
            as mean_value,
        definitions.definition = '{{ var("intervention_definition") }}' as is_chosen
    from definitions
    cross join levels
    cross join measures
    cross join cohorts
    left join persons
        on
            definitions.definition = persons.definition
            and levels.highest_intervention_rank = persons.highest_intervention_rank
            and cohorts.birth_cohort = persons.birth_cohort
    left join observed
        on
            definitions.definition = observed.definition
            and levels.highest_intervention_rank = observed.highest_intervention_rank
            and cohorts.birth_cohort = observed.birth_cohort
            and measures.outcome = observed.outcome
)

select * from final
