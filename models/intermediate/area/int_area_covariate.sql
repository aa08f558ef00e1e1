with counts as (
    select * from {{ ref('int_area_person_count') }}
),

authorities as (
    select * from {{ ref('int_area_authority') }}
),

delivered as (
    select * from {{ ref('int_area_covariate_row') }}
    where is_used
),

-- Poverty of the same children comes first: it has the right years, and needs no other
-- file.
counted as (
    {% for measure, known, yes in [
        ('ever_free_meals_percent', 'n_free_meals_known', 'n_ever_free_meals'),
        ('most_deprived_fifth_percent', 'n_decile_known', 'n_most_deprived_fifth'),
    ] %}
    select
        authority_code,
        '{{ measure }}' as measure,
        {{ known }} as n_known,
        {{ yes }} as n_yes
    from counts
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

own as (
    select
        coalesce(authorities.local_authority_code, counted.authority_code)
            as local_authority_code,
        counted.measure,
        cast(100 * sum(counted.n_yes) as double) / nullif(sum(counted.n_known), 0)
            as figure,
        cast(null as integer) as first_year,
        cast(null as integer) as last_year
    from counted
    left join authorities on counted.authority_code = authorities.authority_code
    group by
        coalesce(authorities.local_authority_code, counted.authority_code),
        counted.measure
),

others as (
    select
        local_authority_code,
        measure,
        {{ rounded('avg(figure)', 9) }} as figure,
        min(covariate_year) as first_year,
        max(covariate_year) as last_year
    from delivered
    group by local_authority_code, measure
),

final as (
    select
        local_authority_code,
        measure,
        figure as value, -- noqa: RF04
        first_year,
        last_year
    from own
    where figure is not null
    union all
    select
        local_authority_code,
        measure,
        figure as value, -- noqa: RF04
        first_year,
        last_year
    from others
)

select * from final
