-- What is printed. The last column, the style of a line, is not shown.
create or replace temp macro style_of(verdict) as (
    case verdict
        when 'outside' then 'bold red'
        when 'outside, known' then 'red'
        when 'within, by chance' then 'yellow'
        when 'not checked' then 'dim'
    end
);

create or replace temp macro with_unit(gap, kind) as (
    gap || if(kind = 'share', ' points', '%')
);

create or replace temp view counts_and_medians as
select
    series,
    reporting_year
    || if(published_year = reporting_year, '', format(' (of {})', published_year)) as year,
    if(kind = 'share', format('{:.1f}', published), format('{:,}', published::bigint))
        as published,
    if(kind = 'share', format('{:.1f}', synthetic), format('{:,}', synthetic::bigint))
        as synthetic,
    with_unit(format('{:+.1f}', gap), kind) as gap,
    format('±{:.1f}', chance) as chance,
    verdict,
    style_of(verdict),
from comparison
where category = 'all'
order by line;

create or replace temp view margins as
select
    min(line) over (partition by series, category) as first_line,
    series,
    category,
    reporting_year,
    format('{:.1f} / {:.1f}', published, synthetic) as shares,
    coalesce(format('[{}]{}[/]', style_of(verdict), shares), shares) as shown,
from comparison
where category != 'all';

create or replace temp view outcomes as
select
    series,
    category as "group",
    coalesce(school_year::varchar, '') as year,
    format('{:.2f}', published) as published,
    coalesce(format('{:.2f}', synthetic), 'none') as synthetic,
    coalesce(with_unit(format('{:+.2f}', gap), kind), '') as gap,
    if(synthetic is null, '', format('±{:.2f}', chance)) as chance,
    verdict,
    style_of(verdict),
from outcome_comparison
order by series, category, school_year;

create or replace temp view not_fitted as
select
    concat_ws(', ', series, category, school_year) as figure,
    format('{:.2f}', published) as published,
    format('{:.2f}', synthetic) as synthetic,
    verdict,
    style_of(verdict),
from outcome_comparison
where is_held_out
    and synthetic is not null
order by figure;

create or replace temp view known_gaps as
select format(
    'Known gap: {}, {} ({:+.1f}). {}', series, category, gap, reason
) as sentence
from (
    select series, category, gap, reason, verdict from comparison
    union all
    select series, category, gap, reason, verdict from outcome_comparison
)
where verdict = 'outside, known'
order by series, category, gap;
