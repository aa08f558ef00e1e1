-- Suspensions and permanent exclusions, one row each, in the order of the year.
create or replace temp table exclusion_year as
with chances as (
    select
        schooling.child_number,
        schooling.school_year,
        schooling.sector,
        least(
            0.9,
            year_group.suspension
            * school_year_setting.suspension_factor
            * status.suspension_factor
            * setting('suspension_scale')
            * if(trait.gender = 'M', 1.42, 0.56)
            * if(schooling.is_free_meals, 1.7, 0.87)
            * case schooling.special_need
                when 'support' then 2.0
                when 'statement' then 1.8
                else 0.75
            end
            * trait.conduct
        ) as suspension_chance,
        least(
            0.2,
            year_group.permanent
            * school_year_setting.permanent_factor
            * status.permanent_factor
            * setting('permanent_scale')
            * if(trait.gender = 'M', 1.5, 0.47)
            * if(schooling.is_free_meals, 1.8, 0.85)
            * pow(trait.conduct, 1.2)
        ) as permanent_chance,
        -- A few pupils are suspended many more times than others who are like them.
        setting('more_suspensions') * status.more_suspensions
        * uneven_factor(
            draw(schooling.child_number, 'many suspensions', schooling.school_year),
            setting('more_suspensions_power')
        ) as mean_more,
    from schooling
    inner join pupil_trait as trait
        on schooling.child_number = trait.child_number
    inner join year_group on schooling.year_group = year_group.year_group
    inner join school_year_setting
        on schooling.school_year = school_year_setting.school_year
    inner join social_care_status as status on schooling.status = status.status
    where schooling.sector in ('state', 'special')
)

select
    child_number,
    school_year,
    if(
        draw(child_number, 'suspended', school_year) < suspension_chance,
        1 + count_draw(draw(child_number, 'more suspensions', school_year), mean_more),
        0
    )::integer as n_suspensions,
    draw(child_number, 'excluded', school_year) < permanent_chance
        as is_permanent,
    draw(child_number, 'excluded twice', school_year) < 0.02 as is_twice,
from chances
where draw(child_number, 'suspended', school_year) < suspension_chance
    or draw(child_number, 'excluded', school_year) < permanent_chance;

create or replace table exclusion_event as
with numbered as (
    select
        child_number,
        school_year,
        if(number = n_suspensions + 1 and is_permanent, 'PERM', 'FIXD') as category,
        number,
        -- The year has about 45 school weeks from 4 September to 20 July.
        (
            make_date(school_year - 1, 9, 4)
            + floor(
                318 * draw(child_number, 'exclusion day', school_year * 100 + number)
            )::integer
        )::date as drawn_date,
        draw(child_number, 'exclusion length', school_year * 100 + number) as u_length,
        draw(child_number, 'exclusion reason', school_year * 100 + number) as u_reason,
        draw(child_number, 'lunchtime', school_year * 100 + number)
        < setting('lunchtime_share') as is_lunchtime,
    from (
        select
            *,
            unnest(range(1, n_suspensions + is_permanent::integer + 1))::integer
                as number,
        from exclusion_year
    ) as numbers
),

-- Lunchtimes come on top of what counts as a suspension.
with_lunchtimes as (
    select * exclude (is_lunchtime) from numbered
    union all
    select * exclude (is_lunchtime) replace (
        'LNCH' as category,
        number + 500 as number,
        least(drawn_date + 20, make_date(school_year, 7, 20))::date as drawn_date
    )
    from numbered
    where is_lunchtime and category = 'FIXD'
),

-- A permanent exclusion ends the year at that school.
dated as (
    select
        *,
        max(drawn_date) filter (where category = 'PERM') over by_year
            as permanent_date,
    from with_lunchtimes
    window by_year as (partition by child_number, school_year)
),

measured as (
    select
        dated.child_number,
        dated.school_year,
        dated.category,
        dated.number,
        dated.drawn_date as start_date,
        case dated.category
            when 'PERM' then null
            when 'LNCH' then 1
            else length.code::integer
        end as sessions,
        reason.code as reason,
    from dated
    inner join choice_range as length
        on length.what = 'suspension_sessions'
        and falls_in(dated.u_length, length.u_from, length.u_to)
    inner join choice_range as reason
        on reason.what = 'exclusion_reason'
        and if(dated.category = 'PERM', 'permanent', 'fixed period') = reason.stratum
        and falls_in(dated.u_reason, reason.u_from, reason.u_to)
    where dated.category = 'PERM'
        or dated.permanent_date is null
        or dated.drawn_date < dated.permanent_date
),

-- No pupil may be suspended for more than 45 days, 90 sessions, in a school year.
counted as (
    select
        *,
        sum(if(category = 'FIXD', sessions, 0)) over (
            partition by child_number, school_year
            order by start_date, number
            rows between unbounded preceding and current row
        ) as sessions_so_far,
    from measured
)

select
    child_number,
    school_year,
    category,
    start_date,
    sessions,
    reason,
    row_number() over (
        partition by child_number, school_year
        order by start_date, number
    )::integer as event_number,
    case
        when month(start_date) >= 9 then 'Autumn'
        when month(start_date) < 4 or (month(start_date) = 4 and day(start_date) < 10)
            then 'Spring'
        else 'Summer'
    end as term,
from counted
where category != 'FIXD' or sessions_so_far <= 90;
