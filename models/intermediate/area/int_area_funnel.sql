{%- set limits = [
    ('95', 'lower'), ('95', 'upper'), ('998', 'lower'), ('998', 'upper')
] -%}
{%- set quantiles = normal_quantiles() -%}
with expected as (
    select * from {{ ref('int_area_expected') }}
    where n_expected > 0
),

dispersion as (
    select * from {{ ref('int_area_dispersion') }}
),

exact_limits as (
    select * from {{ ref('poisson_limits') }}
),

limited as (
    select
        expected.*,
        {% for ending, side in limits %}
        case
            when expected.n_observed < 10 then exact_limits.{{ side }}_{{ ending }}
            else {{ byar_limit('expected.n_observed', side, quantiles[ending]) }}
        end / expected.n_expected as ratio_{{ side }}_{{ ending }},
        exp(
            {{ '-' if side == 'lower' }}{{ quantiles[ending] }}
            * sqrt(1 / expected.n_expected + dispersion.tau_squared)
        ) as funnel_{{ side }}_{{ ending }},
        {% endfor %}
        dispersion.phi,
        dispersion.tau_squared,
        expected.n_observed / expected.n_expected as ratio
    from expected
    left join exact_limits on expected.n_observed = exact_limits.observed
    left join dispersion
        on
            expected.highest_intervention_rank = dispersion.highest_intervention_rank
            and expected.outcome = dispersion.outcome
            and expected.cohort = dispersion.cohort
),

final as (
    select
        local_authority_code,
        highest_intervention_rank,
        outcome,
        cohort,
        n_expected >= 10 as is_comparable,
        ratio,
        {% for ending, side in limits %}
        ratio_{{ side }}_{{ ending }},
        funnel_{{ side }}_{{ ending }},
        {% endfor %}
        {{ funnel_class(
            'ratio_upper_95 < 1',
            'ratio_lower_95 > 1',
            'ratio_upper_998 < 1',
            'ratio_lower_998 > 1'
        ) }} as funnel_class,
        -- The logarithm makes the limits too narrow below where few are expected, so an
        -- area must be outside its own limits as well.
        {{ funnel_class(
            'ratio < funnel_lower_95 and ratio_upper_95 < 1',
            'ratio > funnel_upper_95 and ratio_lower_95 > 1',
            'ratio < funnel_lower_998 and ratio_upper_998 < 1',
            'ratio > funnel_upper_998 and ratio_lower_998 > 1'
        ) }} as funnel_class_adjusted,
        phi,
        tau_squared,
        case
            when tau_squared > 0
                then (n_observed + 1 / tau_squared) / (n_expected + 1 / tau_squared)
            when tau_squared = 0 then 1
        end as shrunken_ratio
    from limited
)

select * from final
