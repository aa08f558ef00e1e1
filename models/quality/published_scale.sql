with comparable as (
    select
        n_counted,
        published_value
    from {{ ref('yearly_count') }}
    where note is null
),

pupils as (
    select count(*) as n_pupils from {{ ref('int_pupil') }}
),

counts as (
    select
        count(*) as n_counts,
        cast(sum(n_counted) as double) / sum(published_value) as share_of_published
    from comparable
),

final as (
    select
        pupils.n_pupils,
        cast({{ var('children_represented') }} as bigint) as children_represented,
        counts.n_counts,
        counts.share_of_published,
        cast(
            case
                when {{ var('children_represented') }} = 0 or pupils.n_pupils = 0 then 1
                else
                    cast({{ var('children_represented') }} as double) / pupils.n_pupils
            end as double
        ) as scale_factor,
        -- A delivery of the whole country that has lost children still holds most of
        -- them. One with less than half counts as a sample. It cannot be compared with
        -- the country unless the number of children that it represents is given.
        {{ var('children_represented') }} = 0
        and coalesce(counts.share_of_published < 0.5, false)
            as is_sample_of_unknown_size
    from pupils
    cross join counts
)

select * from final
