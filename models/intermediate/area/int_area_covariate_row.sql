{%- set path = own_covariates() -%}
with published as (
    select * from {{ ref('area_covariate') }}
),

authorities as (
    select * from {{ ref('int_area_authority') }}
),

{% if path -%}
delivered as (
    {{ covariate_rows(path) }}
),

own as (
    select
        upper(trim(new_la_code)) as new_la_code,
        {{ try_cast('trim(year)', 'integer') }} as covariate_year,
        nullif(trim(measure), '') as measure,
        {{ try_cast('trim(value)', 'double') }} as figure
    from delivered
    where coalesce(lower(trim(measure)), '') <> 'measure'
),
{%- else -%}
own as (
    select
        new_la_code,
        year as covariate_year,
        measure,
        value as figure
    from published
    where 1 = 0
),
{%- endif %}

own_measures as (
    select distinct measure from own
),

-- A measure of your own takes the place of a published one with the same name.
together as (
    select
        new_la_code,
        covariate_year,
        measure,
        figure,
        true as is_own
    from own
    union all
    select
        published.new_la_code,
        published.year as covariate_year,
        published.measure,
        published.value as figure,
        false as is_own
    from published
    left join own_measures on published.measure = own_measures.measure
    where own_measures.measure is null
),

final as (
    select
        authorities.local_authority_code,
        together.new_la_code,
        together.covariate_year,
        together.measure,
        together.figure,
        together.is_own,
        authorities.local_authority_code is not null
        and together.covariate_year is not null
        and together.measure is not null
        and together.figure is not null as is_used
    from together
    left join authorities on together.new_la_code = authorities.authority_code
)

select * from final
