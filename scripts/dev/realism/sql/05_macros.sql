-- How a figure is compared with a published one, whatever it is about.

-- Shares differ by points, other figures by per cent of what was published.
create or replace temp macro gap_from(kind, synthetic, published) as (
    if(kind = 'share', synthetic - published, 100 * (synthetic / published - 1))
);

-- The effect of chance on a share among n children: one standard error, in points.
create or replace temp macro chance_of_share(published, n) as (
    100 * sqrt(published / 100 * (1 - published / 100) / n)
);

-- The groups that a pupil is in: those of a list that are not NULL.
create or replace temp macro known_groups(groups) as (
    list_filter(groups, lambda one: one is not null)
);

create or replace temp macro verdict_on(gap, chance, band, reason) as (
    case
        when band is null or gap is null then 'not checked'
        when abs(gap) <= band then 'within'
        when abs(gap) <= band + getvariable('chance_errors') * chance
            then 'within, by chance'
        when reason is not null then 'outside, known'
        else 'outside'
    end
);

-- A figure of one group, and the number of pupils that it rests on.
create or replace temp macro figure(named, shown, n_pupils) as (
    {'series': named, 'synthetic': shown::double, 'n': n_pupils::bigint}
);

create or replace temp macro percent_with(has_property) as (
    100 * avg(has_property::integer)
);
