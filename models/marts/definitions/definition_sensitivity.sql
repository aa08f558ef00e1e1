with evidence as (
    select * from {{ ref('int_person_evidence') }}
),

pupils as (
    select * from {{ ref('int_pupil') }}
),

definitions as (
    select * from {{ ref('intervention_definitions') }}
),

-- Definitions see nothing of a person but these items, so those who share them all are
-- decided together: a few hundred rows instead of one for each person and definition.
patterns as (
    select
        in_cla,
        is_short_breaks_only,
        in_cin,
        cpp_by_abuse_category,
        cpp_by_abuse_category_as_delivered,
        cpp_by_previous_plans,
        cpp_by_plan_start,
        cpp_by_any_plan_field,
        is_child_in_need,
        is_assessed_in_need,
        count(*) as n_persons
    from evidence
    group by all
),

decided as (
    select
        definitions.definition,
        {{ intervention_rank('patterns', 'definitions') }} as highest_intervention_rank,
        patterns.n_persons
    from patterns
    cross join definitions
),

untouched as (
    select
        definitions.definition,
        0 as highest_intervention_rank,
        (select count(*) from pupils) - (select count(*) from evidence) as n_persons
    from definitions
),

-- A category that nobody is in under a definition stands there with 0.
categories as (
    {% for category in intervention_categories() %}
    select
        definition,
        {{ loop.index0 }} as highest_intervention_rank,
        0 as n_persons
    from definitions
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (
    select
        definition,
        highest_intervention_rank,
        sum(n_persons) as n_persons
    from (
        select * from decided
        union all
        select * from untouched
        union all
        select * from categories
    ) as parts
    group by definition, highest_intervention_rank
),

final as (
    select
        summed.definition,
        definitions.label as definition_label,
        {{ intervention_from_rank('summed.highest_intervention_rank') }}
            as highest_intervention,
        cast(summed.highest_intervention_rank as integer) as highest_intervention_rank,
        cast(summed.n_persons as bigint) as n_persons,
        case
            when sum(summed.n_persons) over (partition by summed.definition) > 0
                then
                    cast(summed.n_persons as double)
                    / sum(summed.n_persons) over (partition by summed.definition)
        end as share_of_persons,
        summed.definition = '{{ var("intervention_definition") }}' as is_chosen
    from summed
    inner join definitions on summed.definition = definitions.definition
)

select * from final
