with pupil_years as (
    select
        dataset,
        academic_year,
        pupil_id,
        count(local_authority_code) > 0 as has_authority,
        {{ is_disputed('local_authority_code') }} as has_two_authorities
    from {{ ref('int_pupil_row') }}
    -- A pupil who changes school in a year has rows of two authorities.
    where dataset in ('cla', 'cin') and academic_year is not null
    group by dataset, academic_year, pupil_id
),

final as (
    select
        dataset,
        academic_year,
        count(*) as n_pupils,
        count(*) filter (where has_authority) as n_pupils_with_authority,
        count(*) filter (where has_two_authorities) as n_pupils_in_two_authorities
    from pupil_years
    group by dataset, academic_year
)

select * from final
