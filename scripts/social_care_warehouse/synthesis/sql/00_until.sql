-- Later years than the settings know: the extracts go on, with the rates of 2018, and
-- younger children are born and come to school. Does nothing up to 2018.
set variable years_more = getvariable('until') - 2018;

insert into year by name
select
    name,
    reporting_year + unnest(range(1, getvariable('years_more') + 1)) as reporting_year,
    value,
    'assumption' as basis,
    'as in 2018' as source,
from year
where reporting_year = 2018;

insert into year_care by name
select
    * replace (
        reporting_year + unnest(range(1, getvariable('years_more') + 1))
            as reporting_year,
        'assumption' as basis,
        'as in 2018' as source
    ),
from year_care
where reporting_year = 2018;

update column_years
set last_year = last_year + getvariable('years_more')
where last_year >= 2017;

-- The cohorts that are too young for the school data change their places: as many
-- later ones are born as years are added, and as many more are pupils.
insert into birth_cohort by name
select
    cohort_start_year + unnest(range(1, getvariable('years_more') + 1))
        as cohort_start_year,
    first_month,
    last_month,
    pupil_weight,
    other_weight,
    null as uk_births,
    'as in 2016 and 2017' as source,
from birth_cohort
where cohort_start_year = 2017;

update birth_cohort
set
    other_weight = 663.4,
    last_month = 11
where cohort_start_year between 2017 and 2016 + getvariable('years_more');

update birth_cohort
set
    pupil_weight = round(0.97 * other_weight, 1),
    other_weight = round(0.03 * other_weight, 1)
where cohort_start_year between 2012 and 2011 + getvariable('years_more');

insert into offender by name
select
    what,
    (2017 + unnest(range(1, getvariable('years_more') + 1)))::varchar as value,
    0.0 as factor,
    'too young' as source,
from offender
where what = 'cohort' and value::varchar = '2017';

update extract
set last_day = last_day + to_years(getvariable('years_more')::integer)
where getvariable('years_more') > 0;
