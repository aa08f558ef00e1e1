-- Shares may be 3 points from the published figure and means 10 per cent, and twice the
-- effect of chance on top. A share below 9 per cent may be a third of it away, and one of
-- hardly any 0.3 points.
create or replace temp table outcome_comparison as
with compared as (
    select
        figure.*,
        measure.synthetic,
        measure.n,
        gap_from(figure.kind, measure.synthetic, figure.published) as gap,
        if(
            figure.kind = 'share',
            chance_of_share(figure.published, measure.n),
            100 / sqrt(measure.n)
        ) as chance,
        if(
            figure.kind = 'share',
            least(3, greatest(0.3, figure.published / 3)),
            10
        ) as band,
        known_gap.reason,
    from outcome_figure as figure
    left join known_gap
        on figure.series = known_gap.series
        and figure.category = known_gap.category
        and figure.school_year is not distinct from known_gap.year
    left join outcome_measure as measure
        on figure.series = measure.series
        and figure.category = measure.category
        and figure.school_year is not distinct from measure.school_year
)

select
    *,
    verdict_on(gap, chance, band, reason) as verdict,
from compared;
