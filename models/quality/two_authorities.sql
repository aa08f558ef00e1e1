with pupil_years as (
    {% for dataset in yearly_datasets() %}
    select
        '{{ dataset }}' as dataset,
        academic_year,
        pupil_id,
        count(local_authority_code) > 0 as has_authority,
        {{ is_disputed('local_authority_code') }} as has_two_authorities
    from {{ ref('stg_' ~ dataset) }}
    where pupil_id is not null and academic_year is not null
    group by academic_year, pupil_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        dataset,
        academic_year,
        count(*) as n_pupils,
        count(case when has_authority then 1 end) as n_pupils_with_authority,
        count(case when has_two_authorities then 1 end) as n_pupils_in_two_authorities
    from pupil_years
    group by dataset, academic_year
)

select * from final
