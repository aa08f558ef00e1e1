with final as (
    select
        code,
        dataset,
        column_name,
        detail,
        n,
        n_total
    from {{ ref('value_finding') }}
    union all
    select
        code,
        dataset,
        cast(null as string) as column_name,
        detail,
        n,
        n_total
    from {{ ref('row_finding') }}
    union all
    select
        code,
        dataset,
        cast(null as string) as column_name,
        detail,
        n,
        n_total
    from {{ ref('dataset_finding') }}
)

select * from final
