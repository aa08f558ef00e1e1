with cla as (
    select * from {{ ref('stg_cla') }}
),

episodes as (
    select * from {{ ref('care_episode') }}
    where not is_short_break
),

periods as (
    select
        *,
        {{ reporting_year_of('period_start_date') }} as start_year,
        {{ reporting_year_of('period_end_date') }} as end_year,
        coalesce(reason_ended_code in ('E11', 'E12'), false) as is_adoption
    from {{ ref('period_of_care') }}
    where not is_short_break
),

person_years as (
    select * from {{ ref('person_year') }}
    where in_cla
),

-- Episodes reach back into years before the extract, which it does not cover.
years as (
    select distinct reporting_year
    from cla
    where reporting_year is not null
),

counted as (
    select
        'looked after on 31 March' as series,
        years.reporting_year,
        episodes.pupil_id
    from episodes
    inner join years
        on
            years.reporting_year
            >= {{ reporting_year_of('episodes.episode_start_date') }}
            -- An episode that ends on 31 March is over on that day; an open one ends,
            -- for durations, on the last 31 March on which it was seen.
            and years.reporting_year
            <= {{ reporting_year_of('episodes.episode_end_date') }}
            - case when episodes.is_censored then 0 else 1 end
    union all
    {% for series, year, condition in [
        ('started to be looked after', 'start_year', 'true'),
        ('ceased to be looked after', 'end_year', 'not is_censored'),
        ('adopted from care', 'end_year', 'not is_censored and is_adoption'),
    ] %}
    select
        '{{ series }}' as series,
        {{ year }} as reporting_year,
        pupil_id
    from periods
    where {{ condition }}
    union all
    {% endfor %}
    select
        case
            when is_short_breaks_only then 'looked after under short breaks only'
            else 'looked after at any time in the year'
        end as series,
        {{ reporting_year_named('academic_year') }} as reporting_year,
        pupil_id
    from person_years
    -- Published figures also count children without a pupil reference, who are in no
    -- mart. Nothing links their rows, so the children of a year are those looked after
    -- at its end and those who left in it.
    {% for series, condition in [
        ('looked after on 31 March', 'is_looked_after_31_march and not is_short_break'),
        ('started to be looked after', 'is_start and not is_short_break'),
        ('ceased to be looked after', 'is_end and not is_short_break'),
        ('adopted from care', 'is_adoption'),
        (
            'looked after at any time in the year',
            '(is_looked_after_31_march or is_end) and not is_short_break',
        ),
        ('looked after under short breaks only', 'is_short_break'),
    ] %}
    union all
    select
        '{{ series }}' as series,
        reporting_year,
        cast(null as string) as pupil_id
    from {{ ref('cla_row_without_pupil') }}
    where {{ condition }}
    {% endfor %}
),

final as (
    select
        counted.series,
        counted.reporting_year,
        count(distinct counted.pupil_id) as n_pupils,
        count(*) filter (where counted.pupil_id is null) as n_rows_without_pupil
    from counted
    inner join years on counted.reporting_year = years.reporting_year
    group by counted.series, counted.reporting_year
)

select * from final
