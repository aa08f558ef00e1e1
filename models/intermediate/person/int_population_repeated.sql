with population as (
    select * from {{ ref('stg_population') }}
    where pupil_id is not null
),

final as (
    select
        pupil_id,
        cast(count(*) as integer) as n_rows
    from population
    group by pupil_id
    having count(*) > 1
)

select * from final
