with final as (
    select * from {{ ref('int_cla_period_length_unit') }}
)

select * from final
