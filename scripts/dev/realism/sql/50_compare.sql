-- Compares every measure with the published figure. Lengths and numbers first published
-- for 2018/19 are compared with the last year of the extracts.
create or replace temp table comparison as
with published as (
    select
        * exclude (reporting_year),
        rowid as line,
        reporting_year as published_year,
        least(reporting_year, 2018)::integer as reporting_year,
    from wh.lookups.national_statistics
    -- The synthetic extracts end in 2018.
    qualify published_year <= 2018 or min(published_year) over (partition by series) > 2018
),

joined as (
    select
        published.line,
        published.series,
        published.category,
        published.reporting_year,
        published.published_year,
        measure.kind,
        published.value as published,
        measure.value as synthetic,
        gap_from(measure.kind, measure.value, published.value) as gap,
        case measure.kind
            when 'share' then chance_of_share(published.value, measure.n_synthetic)
            when 'count' then 100 / sqrt(measure.n_synthetic)
            else 125 / sqrt(measure.n_synthetic)
        end as chance,
        band.band,
        published.source,
        known_gap.reason,
    from published
    inner join measure
        on published.series = measure.series
        and published.category = measure.category
        and published.reporting_year = measure.reporting_year
    left join band
        on published.series = band.series
        and published.reporting_year >= band.first_year
    left join known_gap
        on published.series = known_gap.series
        and published.category = known_gap.category
        and published.reporting_year = known_gap.year
)

select
    *,
    verdict_on(gap, chance, band, reason) as verdict,
from joined;
