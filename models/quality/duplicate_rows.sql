with
{% for dataset in datasets() %}
{{ dataset }}_kinds as (
    select
        row_hash,
        count(*) as n_copies
    from {{ row_hashes(source('raw', dataset), provenance_columns()) }}
    group by row_hash
),

{% endfor -%}

-- Rows are compared as delivered, in every column, used or not: two that differ in one
-- of them are two.
final as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        cast(coalesce(sum(n_copies), 0) as bigint) as n_rows,
        cast(coalesce(sum(n_copies - 1), 0) as bigint) as n_duplicate_rows,
        cast(coalesce(max(n_copies), 0) as bigint) as most_copies
    from {{ dataset }}_kinds
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
