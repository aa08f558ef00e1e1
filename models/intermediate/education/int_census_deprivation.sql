with records as (
    select * from {{ ref('int_census_record') }}
),

-- The most deprived area has rank 1 and the highest score.
pupils as (
    select
        academic_year,
        'rank' as measure,
        cast(deprivation_rank as decimal(18, 3)) as measured_value,
        cast(deprivation_rank as decimal(18, 3)) as order_value,
        count(*) as n_pupils
    from records
    where deprivation_rank is not null
    group by academic_year, deprivation_rank
    union all
    select
        academic_year,
        'score' as measure,
        deprivation_score as measured_value,
        -deprivation_score as order_value,
        count(*) as n_pupils
    from records
    where deprivation_score is not null
    group by academic_year, deprivation_score
),

counted as (
    select
        *,
        sum(n_pupils) over (
            partition by academic_year, measure order by order_value
        ) as n_up_to_here,
        sum(n_pupils) over (partition by academic_year, measure) as n_all
    from pupils
),

-- Pupils with one value are in one decile: that of the pupil in their middle.
final as (
    select
        academic_year,
        measure,
        measured_value,
        cast(n_pupils as integer) as n_pupils,
        cast(
            1 + floor(
                cast(10 * (2 * n_up_to_here - n_pupils) as double)
                / cast(2 * n_all as double)
            ) as integer
        ) as decile
    from counted
)

select * from final
