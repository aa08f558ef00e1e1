with evidence as (
    select * from {{ ref('int_person_evidence') }}
),

pupils as (
    select * from {{ ref('int_pupil') }}
),

definitions as (
    select * from {{ ref('intervention_definitions') }}
),

-- A definition uses only these items of a person. Persons who are alike in all of them
-- are decided together: a few hundred rows, not one per person and definition.
patterns as (
    select
        in_cla,
        in_cin,
        is_short_breaks_only,
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
        {{ intervention_rank('definitions', 'patterns') }}
            as highest_intervention_rank,
        patterns.n_persons
    from patterns
    cross join definitions
),

no_contact as (
    select
        definition,
        0 as highest_intervention_rank,
        (select count(*) from pupils) - (select count(*) from evidence) as n_persons
    from definitions
),

-- Each category appears under each definition, with 0 where no person is in it.
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
        select * from no_contact
        union all
        select * from categories
    ) as all_counts
    group by definition, highest_intervention_rank
),

with_total as (
    select
        *,
        sum(n_persons) over (partition by definition) as n_all_persons
    from summed
),

final as (
    select
        with_total.definition,
        definitions.label as definition_label,
        {{ intervention_from_rank('with_total.highest_intervention_rank') }}
            as highest_intervention,
        cast(with_total.highest_intervention_rank as integer)
            as highest_intervention_rank,
        cast(with_total.n_persons as bigint) as n_persons,
        case
            when with_total.n_all_persons > 0
                then cast(with_total.n_persons as double) / with_total.n_all_persons
        end as share_of_persons,
        with_total.definition = '{{ var("intervention_definition") }}' as is_chosen
    from with_total
    inner join definitions on with_total.definition = definitions.definition
)

select * from final
