-- Places within a year need all pupils of the year, so they are found at the end: half
-- of those with the same number count as below.
create or replace view all_person_outcome as
with points as (
    select school_year, points, sum(n) as n
    from points_count
    group by school_year, points
),

point_places as (
    select
        school_year,
        points,
        100
        * (2 * sum(n) over (partition by school_year order by points) - n)
        / (2 * sum(n) over (partition by school_year))::double as place,
    from points
),

areas as (
    select school_year, area_rank, sum(n) as n
    from area_count
    group by school_year, area_rank
),

area_places as (
    select
        school_year,
        area_rank,
        (1 + floor(
            10
            * (2 * sum(n) over (partition by school_year order by area_rank) - n)
            / (2 * sum(n) over (partition by school_year))::double
        ))::integer as decile,
    from areas
)

select
    outcome.* exclude (
        ks4_year, ks4_points, area_school_year, area_rank, area_decile_seen,
        area_decile_year
    ),
    point_places.place as ks4_attainment_rank,
    if(
        outcome.area_decile_year = outcome.area_school_year,
        outcome.area_decile_seen,
        area_places.decile
    ) as idaci_decile_at_15,
from read_parquet(getvariable('parts'), hive_partitioning = false) as outcome
left join point_places
    on outcome.ks4_year = point_places.school_year
    and outcome.ks4_points = point_places.points
left join area_places
    on outcome.area_school_year = area_places.school_year
    and outcome.area_rank = area_places.area_rank
order by outcome.child_number;
