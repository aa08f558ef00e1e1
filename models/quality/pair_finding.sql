with combinations as (
    select * from {{ ref('dataset_overlap') }}
),

-- Datasets that hold different kinds of identifier link no rows, and nothing else shows
-- it. Two small datasets of school or police can lack a common pupil by chance.
pairs as (
    {% for first in datasets() %}
    {% for second in datasets()[loop.index:] %}
    select
        '{{ first }}' as dataset,
        '{{ second }}' as detail,
        {{ 1 if second in social_care_datasets() else 20 }} as n_least,
        coalesce(sum(n_pupils) filter (where in_{{ first }}), 0) as n_first,
        coalesce(sum(n_pupils) filter (where in_{{ second }}), 0) as n_second,
        coalesce(sum(n_pupils) filter (where in_{{ first }} and in_{{ second }}), 0) as n_both
    from combinations
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if loop.index < datasets() | length - 1 %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        'datasets_share_no_pupil' as code,
        dataset,
        detail,
        cast(n_first + n_second as bigint) as n,
        cast(n_first + n_second as bigint) as n_total
    from pairs
    where n_first >= n_least and n_second >= n_least and n_both = 0
)

select * from final
