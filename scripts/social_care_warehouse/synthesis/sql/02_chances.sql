-- Weights become stretches of the line from 0 to 1, so that a draw falls into exactly
-- one.
set variable scalar = (select map(list(name), list(value::double)) from scalar);

-- Years in which a column is filled; a column that is not listed is filled in all of
-- them.
set variable column_years = (
    select map(list(column_name), list(filled))
    from (
        select column_name, flatten(list(range(first_year, last_year + 1))) as filled
        from column_years
        group by column_name
    )
);

set variable dirt = (
    select map(list(dataset || ' ' || kind), list(rate::double))
    from dirt
);

-- One row per reporting year, and a column for each setting that changes by year.
create or replace table year_setting as
pivot (select name, reporting_year, value from year)
on name
using first(value)
group by reporting_year;

create or replace table choice_range as
with summed as (
    select
        what,
        stratum,
        code,
        sum(weight) over (
            partition by what, stratum
            order by line
        ) as weight_to,
        weight,
        sum(weight) over (partition by what, stratum) as weight_all,
        line,
        max(line) over (partition by what, stratum) as last_line,
    from (select *, row_number() over () as line from choice) as choice
)

select
    what,
    stratum,
    code,
    (weight_to - weight) / weight_all as u_from,
    if(line = last_line, 2, weight_to / weight_all) as u_to,
from summed;

create or replace table duration_range as
select
    what,
    lag(cumulative_share) over by_share as u_from,
    cumulative_share as u_to,
    {
        'u_from': lag(cumulative_share) over by_share,
        'u_to': cumulative_share,
        'days_from': lag(days) over by_share,
        'days_to': days,
    } as curve,
from duration
window by_share as (partition by what order by cumulative_share)
qualify lag(days) over by_share is not null;

-- In which of its written forms a row comes: each unusual form with its rate, and the
-- usual one else.
insert into choice_range
with forms as (
    select
        split_part(kind, '_', 1) as thing,
        kind,
        rate,
        sum(rate) over (partition by split_part(kind, '_', 1) order by kind) as u_to,
    from dirt
    where dataset = 'both'
)

select 'form', thing, kind, u_to - rate, u_to
from forms
union all
select 'form', thing, 'usual', max(u_to), 2
from forms
group by thing;
