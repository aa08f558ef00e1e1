-- The rows of the spring census: who is on the roll of a school on a day in January.
-- Pupil referral units had a census of their own in 2009/10 to 2012/13, and are in that
-- of the schools from 2013/14. The home authority is known from 2005/06.
create or replace table census_row as
select
    pupil_year.child_number,
    pupil_year.school_year,
    hash(pupil_year.child_number, pupil_year.school_year, 'census') >> 2 as row_id,
    make_date(pupil_year.school_year, 1, 16 + pupil_year.school_year % 5) as census_date,
    if(pupil_year.enrolment_kind = 'dual', 'M', 'C') as enrolment_status,
    pupil_year.nc_year,
    year(trait.birth_month)::integer as year_of_birth,
    month(trait.birth_month)::integer as month_of_birth,
    pupil_year.age_at_start,
    trait.gender,
    trait.ethnic_group,
    pupil_year.is_free_meals,
    max(if(pupil_year.is_free_meals, pupil_year.school_year, null)) over (
        partition by pupil_year.child_number
        order by pupil_year.school_year
    ) as last_free_year,
    pupil_year.sen_code,
    if(pupil_year.special_need = 'none', null, if(
        draw(pupil_year.child_number, 'kind of need', 0) < 0.3,
        if(pupil_year.school_year >= 2015, 'SEMH', 'BESD'),
        'MLD'
    )) as sen_type,
    pupil_year.school_la_code,
    pupil_year.home_la_code,
    100000 + (hash(pupil_year.school_la_code, pupil_year.school_number) % 49999)::integer
        as urn,
    pupil_year.area_share,
    pupil_year.sector,
    pupil_year.sector = 'referral unit' and pupil_year.school_year < 2014
        as is_own_census,
from pupil_year
inner join pupil_trait as trait on pupil_year.child_number = trait.child_number
where pupil_year.sector in ('state', 'special')
    or (pupil_year.sector = 'referral unit' and pupil_year.school_year >= 2010);

-- The census of alternative provision is a table of its own, from 2007/08.
create or replace table ap_row as
select
    pupil_year.child_number,
    pupil_year.school_year,
    hash(pupil_year.child_number, pupil_year.school_year, 'ap') >> 2 as row_id,
    pupil_year.is_free_meals,
    pupil_year.sen_code,
    pupil_year.home_la_code as la_code,
    trait.ethnic_group,
from pupil_year
inner join pupil_trait as trait on pupil_year.child_number = trait.child_number
where pupil_year.sector = 'alternative provision'
    and pupil_year.school_year >= 2008;
