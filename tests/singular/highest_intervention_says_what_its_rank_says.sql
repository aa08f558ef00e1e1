-- Wherever a category and its rank are both given, they agree.
with named as (
    select
        cast(highest_intervention as string) as category,
        highest_intervention_rank as category_rank
    from {{ ref('person_highest_intervention') }}
    union all
    select
        cast(highest_intervention as string) as category,
        highest_intervention_rank as category_rank
    from {{ ref('person_year') }}
    union all
    select
        cast(highest_intervention_so_far as string) as category,
        highest_intervention_so_far_rank as category_rank
    from {{ ref('person_year') }}
    union all
    select
        cast(highest_intervention as string) as category,
        highest_intervention_rank as category_rank
    from {{ ref('definition_sensitivity') }}
)

select
    category,
    category_rank
from named
where
    category is null
    or category_rank is null
    or category <> case category_rank
        {% for category in intervention_categories() %}
        when {{ loop.index0 }} then '{{ category }}'
        {% endfor %}
        else ''
    end
group by category, category_rank
