with counts as (
    select * from {{ ref('yearly_count') }}
),

scales as (
    select * from {{ ref('published_scale') }}
),

compared as (
    select
        counts.*,
        scales.scale_factor,
        counts.n_counted * scales.scale_factor as scaled_count,
        counts.published_value / scales.scale_factor as expected_count,
        coalesce(
            counts.note,
            case
                when scales.is_sample_of_unknown_size
                    then 'a sample, and children_represented is not set'
            end
        ) as reason_not_comparable
    from counts
    cross join scales
),

measured as (
    select
        *,
        scaled_count - published_value as gap,
        100 * (scaled_count - published_value) / published_value as gap_percent,
        -- A sample misses the published figure by chance alone: a count that is right
        -- lies within three of its standard deviations of what is expected.
        abs(n_counted - expected_count) > 3 * sqrt(expected_count)
            as is_beyond_chance
    from compared
),

final as (
    select
        dataset,
        series,
        reporting_year,
        unit,
        published_value,
        n_pupils,
        n_rows_without_pupil,
        n_counted,
        scale_factor,
        scaled_count,
        gap,
        gap_percent,
        case
            when reason_not_comparable is not null or not is_beyond_chance then null
            when gap_percent > 10 then 'more than a tenth above what was published'
            when gap_percent < -10 then 'more than a tenth below what was published'
        end as finding,
        reason_not_comparable as note,
        source
    from measured
)

select * from final
