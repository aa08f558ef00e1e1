with population as (
    select * from {{ ref('stg_population') }}
),

final as (
    {{ issues_of_columns('population', 'cast(null as string)', checked_columns('population')) }}
)

select * from final
