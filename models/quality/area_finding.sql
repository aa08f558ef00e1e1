with area_persons as (
    select * from {{ ref('int_area_person_count') }}
),

authorities as (
    select * from {{ ref('int_area_authority') }}
),

covariates as (
    select * from {{ ref('int_area_covariate_row') }}
    where is_own
),

found as (
    select
        'no_areas' as code,
        sum(n_persons) as n,
        sum(n_persons) as n_total
    from area_persons
    having count(authority_code) = 0
    union all
    select
        'area_without_name' as code,
        sum(area_persons.n_persons) as n,
        sum(area_persons.n_persons) as n_total
    from area_persons
    left join authorities
        on area_persons.authority_code = authorities.authority_code
    where
        area_persons.authority_code is not null and authorities.authority_code is null
    union all
    select
        'covariate_not_used' as code,
        count(*) filter (where not is_used) as n,
        count(*) as n_total
    from covariates
),

final as (
    select
        code,
        cast(n as bigint) as n,
        cast(n_total as bigint) as n_total
    from found
    where n > 0
)

select * from final
