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
        column_name,
        cast(null as string) as detail,
        n,
        cast(null as bigint) as n_total
    from {{ ref('coverage_finding') }}
    union all
    select
        code,
        dataset,
        cast(null as string) as column_name,
        detail,
        n,
        cast(null as bigint) as n_total
    from {{ ref('row_finding') }}
    union all
    select
        code,
        cast(null as string) as dataset,
        cast(null as string) as column_name,
        cast(null as string) as detail,
        n,
        n_total
    from {{ ref('area_finding') }}
    union all
    select
        code,
        dataset,
        column_name,
        cast(null as string) as detail,
        n,
        n_total
    from {{ ref('placeholder_finding') }}
    {% for part in [
        'count_finding', 'dataset_finding', 'pair_finding', 'table_finding'
    ] %}
    union all
    select
        code,
        dataset,
        cast(null as string) as column_name,
        detail,
        n,
        n_total
    from {{ ref(part) }}
    {% endfor %}
)

select * from final
