with published as (
    select * from {{ ref('published_rates') }}
),

results as (
    select
        'level 2 with English and maths' as series,
        academic_year_end as school_year,
        count(*) as n_pupils,
        count(*) as n_base,
        count(*) filter (where level_2_english_maths) as n_part
    from {{ ref('int_ks4_pupil') }}
    where level_2_english_maths is not null
    group by academic_year_end
),

-- Years 7 to 11, for most of secondary school.
absence as (
    select
        academic_year_end as school_year,
        count(*) as n_pupils,
        cast(sum(sessions_possible) as bigint) as n_base,
        cast(sum(sessions_unauthorised) as bigint) as n_unauthorised,
        cast(sum(sessions_authorised) as bigint) as n_authorised
    from {{ ref('int_absence_pupil_year') }}
    where
        year_group between 7 and 11
        and sessions_unauthorised is not null
        and sessions_authorised is not null
        and not is_over_legal_maximum
    group by academic_year_end
),

-- The published figure is of the pupils who were 16 in the school years 2013 to 2018.
justice as (
    select
        'cautioned or sentenced at 10 to 17' as series,
        2018 as school_year,
        count(*) as n_pupils,
        count(*) as n_base,
        count(*) filter (where n_convictions + n_cautions > 0) as n_part
    from {{ ref('person_outcome') }}
    where
        is_justice_10_17_complete
        and ks4_academic_year between '2012/2013' and '2017/2018'
    having count(*) > 0
),

counted as (
    select * from results
    union all
    select
        'unauthorised absence, secondary' as series,
        school_year,
        n_pupils,
        n_base,
        n_unauthorised as n_part
    from absence
    union all
    select
        'overall absence, secondary' as series,
        school_year,
        n_pupils,
        n_base,
        n_unauthorised + n_authorised as n_part
    from absence
    union all
    select * from justice
),

measured as (
    select
        published.dataset,
        counted.*,
        cast(100 * counted.n_part as double) / counted.n_base as rate_percent,
        published.percent as published_percent,
        published.source
    from counted
    inner join published
        on
            counted.series = published.series
            and counted.school_year = published.school_year
),

-- A rate of few pupils misses the published one by chance: a right one lies within
-- three of its standard errors.
final as (
    select
        *,
        rate_percent - published_percent as gap_points,
        case
            when
                abs(rate_percent - published_percent)
                <= 3
                * sqrt(published_percent * (100 - published_percent) / n_pupils)
                then null
            when rate_percent > 1.1 * published_percent
                then 'more than a tenth above what was published'
            when rate_percent < 0.9 * published_percent
                then 'more than a tenth below what was published'
        end as finding
    from measured
)

select * from final
