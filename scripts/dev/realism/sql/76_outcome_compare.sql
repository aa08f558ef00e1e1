-- Shares may be 3 points from the published figure and means 10 per cent, and twice the
-- effect of chance on top. A share below 9 per cent may be a third of it away, and one of
-- hardly any 0.3 points.
create or replace temp table outcome_comparison as
-- Of a series whose shares add up to all, a category that nobody is in has 0.
with whole_series as (
    select series, school_year, max(n) as n
    from outcome_measure
    where series in (
        'suspensions of a pupil in the year', 'days suspended in the year',
        'days of a suspension', 'reason of a suspension', 'reason of a permanent exclusion'
    )
    group by series, school_year
),

compared as (
    select
        figure.*,
        coalesce(measure.synthetic, if(whole_series.n > 0, 0, null)) as shown,
        coalesce(measure.n, whole_series.n) as n_shown,
        gap_from(figure.kind, shown, figure.published) as gap,
        if(
            figure.kind = 'share',
            chance_of_share(figure.published, n_shown),
            100 / sqrt(n_shown)
        ) as chance,
        if(
            figure.kind = 'share',
            least(3, greatest(0.3, figure.published / 3)),
            10
        ) as band,
        known_gap.reason,
        held_out.series is not null as is_held_out,
    from outcome_figure as figure
    left join held_out
        on figure.series = held_out.series
        and figure.category = held_out.category
        and figure.school_year is not distinct from held_out.school_year
    left join known_gap
        on figure.series = known_gap.series
        and figure.category = known_gap.category
        and figure.school_year is not distinct from known_gap.year
    left join outcome_measure as measure
        on figure.series = measure.series
        and figure.category = measure.category
        and figure.school_year is not distinct from measure.school_year
    left join whole_series
        on figure.series = whole_series.series
        and figure.school_year = whole_series.school_year
)

select
    * exclude (shown, n_shown),
    shown as synthetic,
    n_shown as n,
    verdict_on(gap, chance, band, reason) as verdict,
from compared;
