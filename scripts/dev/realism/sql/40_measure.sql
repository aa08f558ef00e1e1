-- Counts scaled to England. One child can have several rows without a pupil reference;
-- children per row are taken to be as many as among rows with a reference.
create or replace temp table measure as
with counts as (
    select
        series,
        category,
        reporting_year,
        count(distinct pupil_id) as n_pupils,
        coalesce(sum(n_rows) filter (where pupil_id is not null), 0) as n_pupil_rows,
        coalesce(sum(n_rows) filter (where pupil_id is null), 0) as n_bare_rows,
        n_pupils
        + n_bare_rows
        * if(n_pupil_rows > 0, n_pupils / n_pupil_rows, 1) as n_children,
    from counted
    group by series, category, reporting_year
),

-- Up to 2011/12 the extracts have almost no rows without a reference, but published
-- figures count those children. Their share is taken from 2012/13, the first year with
-- such rows.
grossed as (
    select
        counts.*,
        case
            when counts.reporting_year <= 2012 and later.n_children > 0
                then counts.n_pupils * later.n_children / later.n_pupils
            else counts.n_children
        end as n_grossed,
    from counts
    left join counts as later
        on counts.series = later.series
        and counts.category = later.category
        and later.reporting_year = 2013
),

in_need as (
    select unnest([
        'in need on 31 March', 'referrals', 'need episodes started',
        'need episodes ended', 'plans started',
    ]) as series
)

select
    grossed.series,
    grossed.category,
    grossed.reporting_year,
    'count' as kind,
    getvariable('children_per_pupil')
    * if(in_need.series is null, grossed.n_children, grossed.n_grossed) as value,
    grossed.n_children as n_synthetic,
from grossed
left join in_need on grossed.series = in_need.series;

-- A series of categories is compared as shares.
update measure
set
    kind = 'share',
    value = 100 * measure.value / whole.value,
    n_synthetic = whole.n_synthetic
from (
    select
        series,
        reporting_year,
        sum(value) as value,
        sum(n_synthetic) as n_synthetic,
    from measure
    where category != 'all'
    group by series, reporting_year
) as whole
where measure.series = whole.series
    and measure.reporting_year = whole.reporting_year
    and measure.category != 'all';

-- Shares of the referrals of pupils: only these can be followed from year to year.
insert into measure
select
    series,
    'all',
    reporting_year,
    'share',
    100 * n_part / n_all,
    n_all,
from (
    unpivot (
        select
            reporting_year,
            count(*) as n_all,
            count(*) filter (where is_nfa) as "referrals without further action",
            count(*) filter (where is_not_in_need)
                as "referrals assessed and not in need",
            count(*) filter (where days_since_last <= 365)
                as "referrals within 12 months of another",
        from referral_in_year
        group by reporting_year
    )
    on * exclude (reporting_year, n_all)
    into name series value n_part
);

insert into measure
select
    'second or later plans', 'all', reporting_year, 'share',
    100 * avg((number_of_previous_cpp >= 1)::integer), count(*)
from need_row
where is_plan_start
    and reporting_year >= 2013
group by reporting_year;

insert into measure
with lengths as (
    select ' length of the last period' as series, reporting_year, days
    from ended_period
    union all
    select
        ' length of placements ended',
        year_of(placement_end_date) as end_year,
        placement_end_date - placement_start_date,
    from placement_spell
    where not is_open
        and end_year is not null
)

select
    unnest(['median', 'mean']) || series, 'all', reporting_year, 'days',
    unnest([median(days), avg(days)]), count(*)
from lengths
group by series, reporting_year;
