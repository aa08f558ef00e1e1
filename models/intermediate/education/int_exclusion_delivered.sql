{{ config(materialized='view') }}
{%- set key_columns = [
    'named.pupil_id', 'named.academic_year_start', 'named.layout',
] -%}
{%- for column in [
    'school_id', 'start_date', 'category_code', 'sessions', 'reason_code',
    'reason_b_code', 'reason_c_code', 'term_code', 'nc_year_code', 'slot_number',
] -%}
{%- do key_columns.append("coalesce(cast(named." ~ column ~ " as string), '')") -%}
{%- endfor %}
with single as (
    select * from {{ without_catalog(ref('stg_exclusion')) }}
    where not is_wide_row
),

slots as (
    select * from {{ without_catalog(ref('stg_exclusion_slot')) }}
),

categories as (
    select
        code,
        category_group
    from {{ without_catalog(ref('exclusion_category')) }}
),

year_groups as (
    select
        code,
        year_group
    from {{ without_catalog(ref('nc_year')) }}
),

-- Files to 2004/05 mark a permanent exclusion with P, the last of them with a text that
-- begins with P.
delivered as (
    select
        pupil_id,
        academic_year,
        academic_year_start,
        academic_year_end,
        'table 1' as layout,
        0 as slot_number,
        coalesce(category_code, permanent_exclusion_code)
            as delivered_category_code,
        start_date,
        sessions,
        reason_code,
        reason_b_code,
        reason_c_code,
        term_code,
        nc_year_code,
        school_id,
        coalesce(is_permanent_duplicate, false) as is_permanent_duplicate,
        coalesce(reporting_academic_year_start > academic_year_start, false) as is_late,
        _source_file,
        _source_row
    from single
    union all
    select
        pupil_id,
        academic_year,
        academic_year_start,
        academic_year_end,
        case when school_id is null then 'table 3' else 'table 2' end as layout,
        slot_number,
        category_code as delivered_category_code,
        start_date,
        sessions,
        reason_code,
        reason_b_code,
        reason_c_code,
        term_code,
        nc_year_code,
        school_id,
        false as is_permanent_duplicate,
        coalesce(reporting_academic_year_start > academic_year_start, false) as is_late,
        _source_file,
        _source_row
    from slots
),

named as (
    select
        *,
        case
            when delivered_category_code like 'P%' then 'PERM'
            when delivered_category_code = 'F' then 'FIXD'
            else delivered_category_code
        end as category_code,
        _source_file || '|' || lpad(cast(_source_row as string), 10, '0')
            as source_position
    from delivered
),

-- The key holds everything that is known about an exclusion. The number of the group
-- separates two exclusions of one row that agree in everything else.
final as (
    select
        named.*,
        categories.category_group,
        year_groups.year_group,
        {{ hash_key(key_columns) }} as exclusion_id
    from named
    left join categories on named.category_code = categories.code
    left join year_groups on named.nc_year_code = year_groups.code
)

select * from final
