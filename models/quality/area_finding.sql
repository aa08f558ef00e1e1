with pupils as (
    select * from {{ ref('int_pupil') }}
),

area_persons as (
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
        count(*) as n,
        count(*) as n_total
    from pupils
    where not exists (select 1 from area_persons)
    union all
    select
        'area_without_name' as code,
        sum(area_persons.n_persons) as n,
        sum(area_persons.n_persons) as n_total
    from area_persons
    left join authorities
        on area_persons.authority_code = authorities.authority_code
    where authorities.authority_code is null
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
