-- One row per reporting year in the report.
create or replace temp table reporting_year as
select
    range::integer as reporting_year,
    make_date(range::integer - 1, 4, 1) as first_day,
    make_date(range::integer, 3, 31) as last_day,
from range(2006, 2019);

-- The reporting year of a day, NULL if it is not in the report.
create or replace temp macro year_of(day) as (
    case
        when day between date '2005-04-01' and date '2018-03-31'
            then year(day) + (month(day) > 3)::integer
    end
);

-- One row per child or case that a published series counts. Published figures also count
-- children without a pupil reference. These are in no mart, so they come from staging.
-- They have no pupil_id, so two rows may be of one child.
create or replace temp table counted (
    series varchar,
    category varchar default 'all',
    reporting_year integer,
    pupil_id varchar,
    n_rows integer default 1
);
