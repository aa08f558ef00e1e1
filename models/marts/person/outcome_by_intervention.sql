with definitions as (
    select * from {{ ref('intervention_definitions') }}
),

measures as (
    select * from {{ ref('outcome_measures') }}
),

ranked as (
    select
        definitions.definition,
        {{ intervention_rank(
            looked_after_rule='definitions.looked_after_rule',
            plan_rule='definitions.plan_rule',
            need_rule='definitions.need_rule',
            in_cla='outcomes.in_cla',
            in_cin='outcomes.in_cin',
            is_short_breaks_only='outcomes.is_short_breaks_only',
            cpp_by_abuse_category='outcomes.cpp_by_abuse_category',
            cpp_by_abuse_category_as_delivered='outcomes.cpp_by_abuse_category_as_delivered',
            cpp_by_previous_plans='outcomes.cpp_by_previous_plans',
            cpp_by_plan_start='outcomes.cpp_by_plan_start',
            cpp_by_any_plan_field='outcomes.cpp_by_any_plan_field',
            is_child_in_need='outcomes.is_child_in_need',
            is_assessed_in_need='outcomes.is_assessed_in_need'
        ) }} as highest_intervention_rank,
        outcomes.birth_cohort,
        outcomes.outcome,
        outcomes.level_rank,
        outcomes.outcome_value,
        outcomes.n_persons
    from {{ ref('int_outcome_value') }} as outcomes
    cross join definitions
),

-- Each person counts in the cohort and in all cohorts together; without a birth in the
-- second alone.
in_cohorts as (
    select
        definition,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        level_rank,
        outcome_value,
        n_persons
    from ranked
    where birth_cohort is not null
    union all
    select
        definition,
        highest_intervention_rank,
        'all' as birth_cohort,
        outcome,
        level_rank,
        outcome_value,
        n_persons
    from ranked
),

values_counted as (
    select
        definition,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        outcome_value,
        sum(n_persons) as n_persons
    from in_cohorts
    where
        outcome_value is not null
        and coalesce(level_rank = highest_intervention_rank, true)
    group by all
),

-- How many persons have this value or less, to find the middle one.
accumulated as (
    select
        *,
        sum(n_persons) over (
            partition by definition, highest_intervention_rank, birth_cohort, outcome
        ) as n_observed,
        sum(n_persons) over (
            partition by definition, highest_intervention_rank, birth_cohort, outcome
            order by outcome_value
            rows between unbounded preceding and current row
        ) as n_up_to_value
    from values_counted
),

observed as (
    select
        definition,
        highest_intervention_rank,
        birth_cohort,
        outcome,
        max(n_observed) as n_observed,
        coalesce(sum(n_persons) filter (where outcome_value > 0), 0) as n_with_outcome,
        sum(outcome_value * n_persons) / max(n_observed) as mean_value,
        -- Of an even number of persons the mean of the two in the middle.
        (
            min(outcome_value) filter (where 2 * n_up_to_value >= n_observed)
            + min(outcome_value) filter (where 2 * n_up_to_value > n_observed)
        ) / 2 as median_value
    from accumulated
    group by definition, highest_intervention_rank, birth_cohort, outcome
),

-- Everybody has a row for each outcome that does not depend on a level.
persons as (
    select
        definition,
        highest_intervention_rank,
        birth_cohort,
        sum(n_persons) as n_persons
    from in_cohorts
    where outcome = 'convicted'
    group by definition, highest_intervention_rank, birth_cohort
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
        cast(coalesce(persons.n_persons, 0) as bigint) as n_persons,
        cast(coalesce(observed.n_observed, 0) as bigint) as n_observed,
        case
            when measures.measure_type <> 'measure'
                then cast(observed.n_with_outcome as bigint)
        end as n_with_outcome,
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
