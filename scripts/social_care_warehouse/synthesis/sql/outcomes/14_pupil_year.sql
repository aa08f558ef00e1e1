-- One row per pupil and school year with the school that the pupil was at. After a
-- permanent exclusion, and on other ways, some come to a pupil referral unit or to
-- alternative provision.
create or replace table pupil_year as
with excluded as (
    select child_number, min(school_year) as excluded_year
    from exclusion_event
    where category = 'PERM'
    group by child_number
),

sectors as (
    select
        schooling.* replace (
            if(
                schooling.sector = 'state'
                and (
                    schooling.year_group >= trait.pupil_referral_from
                    or (
                        schooling.school_year > excluded.excluded_year
                        and draw(schooling.child_number, 'after exclusion', 0)
                        < setting('referral_unit_after_exclusion')
                    )
                ),
                if(
                    draw(schooling.child_number, 'unit or other', 0)
                    < setting('referral_unit_share'),
                    'referral unit',
                    'alternative provision'
                ),
                schooling.sector
            ) as sector
        ),
        trait.la_code,
        trait.neighbour_code,
        trait.has_no_year_group,
        trait.area_position,
    from schooling
    inner join pupil_trait as trait
        on schooling.child_number = trait.child_number
    left join excluded on schooling.child_number = excluded.child_number
),

-- Schools have numbers within their authority, by phase.
schools as (
    select
        *,
        case
            when sector = 'special' then 7000
            when sector = 'referral unit' then 1100
            when sector = 'independent' then 6000
            when year_group <= 6 then 2000
            else 4000
        end as first_school,
        case
            when sector = 'special' then 3
            when sector = 'referral unit' then 1
            when sector = 'independent' then 4
            when year_group <= 6 then 40
            else 8
        end as n_schools,
        sector = 'state'
        and draw(child_number, 'school elsewhere', (year_group > 6)::integer)
        < if(year_group <= 6, 0.02, 0.07) as is_elsewhere,
        case
            when sector not in ('state', 'special') then 'single'
            when draw(child_number, 'enrolment', school_year)
            < if(
                status in ('looked after', 'looked after twelve months', 'on a plan'),
                setting('moved_school_share_known'),
                setting('moved_school_share')
            ) then 'moved'
            when sector = 'state'
            and draw(child_number, 'enrolment', school_year)
            > 1 - setting('dual_share') then 'dual'
            else 'single'
        end as enrolment_kind,
    from sectors
)

select
    child_number,
    school_year,
    year_group,
    age_at_start,
    status,
    is_free_meals,
    special_need,
    sector,
    enrolment_kind,
    coalesce(home_later.later_code, schools.la_code) as home_la_code,
    case
        when not is_elsewhere then coalesce(home_later.later_code, schools.la_code)
        else coalesce(school_later.later_code, neighbour_code)
    end as school_la_code,
    first_school
    + floor(n_schools * draw(child_number, 'school', first_school))::integer
        as school_number,
    first_school
    + floor(n_schools * draw(child_number, 'other school', school_year))::integer
        as other_school_number,
    if(sector = 'special' and has_no_year_group, 'X', if(year_group = 0, 'R', year_group::varchar))
        as nc_year,
    case special_need
        when 'statement'
            then if(
                school_year >= 2015
                and (
                    school_year > 2018
                    or draw(child_number, 'plan instead of statement', 0)
                    < (school_year - 2014) / 4.0
                ),
                'E',
                'S'
            )
        when 'support'
            then if(
                school_year > 2014,
                'K',
                if(draw(child_number, 'action plus', 0) < 0.35, 'P', 'A')
            )
        else 'N'
    end as sen_code,
    1 / (1 + exp(-(
        area_position
        + 0.25 * bell_draw(child_number, 'index', case
            when school_year < 2008 then 2004
            when school_year < 2011 then 2007
            when school_year < 2016 then 2010
            else 2015
        end)
    ))) as area_share,
from schools
left join later_range as home_later
    on schools.la_code = home_later.la_code
    and schools.school_year >= home_later.first_year
    and falls_in(
        draw(schools.child_number, 'later authority', 0), home_later.u_from, home_later.u_to
    )
left join later_range as school_later
    on schools.neighbour_code = school_later.la_code
    and schools.school_year >= school_later.first_year
    and falls_in(
        draw(schools.child_number, 'later authority', 0), school_later.u_from, school_later.u_to
    );
