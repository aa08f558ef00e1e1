with results as (
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

-- Pupils of the census whose exclusions of the year are known. The published figure for
-- an age on 31 August belongs to the year group of this age.
exclusions as (
    select
        academic_year_end as school_year,
        cast(year_group as string) as group_label,
        count(n_suspensions) as n_pupils_suspensions,
        count(*) filter (where n_suspensions > 0) as n_suspended,
        count(n_permanent_exclusions) as n_pupils_permanent,
        cast(sum(n_permanent_exclusions) as bigint) as n_permanent_exclusions
    from {{ ref('person_school_year') }}
    where year_group between 7 and 11 and in_census
    group by academic_year_end, year_group
),

-- Published figures are of the pupils who were 16 in the school years 2013 to 2015, and
-- 2013 to 2018. Pupils who are not yet 18 have offended less, so a figure is compared
-- only if 95% of its pupils are followed to 18.
published_years as (
    select
        2015 as school_year,
        '2014/2015' as last_academic_year
    union all
    select
        2018 as school_year,
        '2017/2018' as last_academic_year
),

justice as (
    select
        'cautioned or sentenced at 10 to 17' as series,
        years.school_year,
        count(*) filter (where outcomes.is_justice_10_17_complete) as n_pupils,
        count(*) filter (where outcomes.is_justice_10_17_complete) as n_base,
        count(*) filter (
            where outcomes.is_justice_10_17_complete
            and outcomes.n_convictions + outcomes.n_cautions > 0
        ) as n_part
    from {{ ref('person_outcome') }} as outcomes
    inner join published_years as years
        on outcomes.ks4_academic_year between '2012/2013' and years.last_academic_year
    where outcomes.is_justice_10_17_complete is not null
    group by years.school_year
    having n_base * 20 >= count(*) * 19
),

final as (
    select * from results
    union all
    {% for series, sessions in [
        ('unauthorised', 'n_unauthorised'),
        ('overall', 'n_unauthorised + n_authorised'),
    ] %}
    select
        '{{ series }} absence, secondary' as series,
        school_year,
        n_pupils,
        n_base,
        {{ sessions }} as n_part
    from absence
    union all
    {% endfor %}
    {% for series, n_pupils, n_part in [
        ('suspended', 'n_pupils_suspensions', 'n_suspended'),
        (
            'permanent exclusions per 100 pupils',
            'n_pupils_permanent',
            'n_permanent_exclusions',
        ),
    ] %}
    select
        '{{ series }}, year group ' || group_label as series,
        school_year,
        {{ n_pupils }} as n_pupils,
        {{ n_pupils }} as n_base,
        {{ n_part }} as n_part
    from exclusions
    where {{ n_pupils }} > 0
    union all
    {% endfor %}
    select * from justice
)

select * from final
