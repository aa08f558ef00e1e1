{{ config(materialized='view') }}
with authorities as (
    select * from {{ without_catalog(ref('local_authority')) }}
),

changes as (
    select * from {{ without_catalog(ref('local_authority_change')) }}
),

hexagons as (
    select * from {{ without_catalog(ref('hexagon')) }}
),

-- A code never moved to another place, so the code alone shows the area.
areas as (
    select
        new_la_code,
        new_la_code as local_authority_code
    from hexagons
    union all
    select
        new_la_code,
        area_code as local_authority_code
    from changes
),

codes as (
    select
        authorities.code as authority_code,
        areas.local_authority_code
    from authorities
    inner join areas on authorities.ons_code = areas.new_la_code
    union all
    select
        new_la_code as authority_code,
        local_authority_code
    from areas
),

final as (
    select
        codes.authority_code,
        codes.local_authority_code,
        authorities.code as old_la_code,
        authorities.label as la_name,
        authorities.region_code,
        authorities.region_name,
        hexagons.new_la_code is not null as is_on_map
    from codes
    inner join authorities on codes.local_authority_code = authorities.ons_code
    left join hexagons on codes.local_authority_code = hexagons.new_la_code
)

select * from final
