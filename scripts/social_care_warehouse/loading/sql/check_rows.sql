-- How many rows there are, and of which years: only a year that looks like one is shown, for anything
-- else in that column is a value of a person.
with delivered as (
    select {year} as year_text
    from {source}
),

read_years as (
    select
        cast(nullif(regexp_extract(
            trim(year_text), '^((19|20)[0-9][0-9])[/-]?([0-9][0-9])?[0-9][0-9]$', 1
        ), '') as integer) as first_year
    from delivered
)

select
    count(*) as n_rows,
    min(first_year) as earliest,
    max(first_year) as latest,
    count(distinct first_year) as n_years
from read_years
