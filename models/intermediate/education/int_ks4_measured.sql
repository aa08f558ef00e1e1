{{ config(materialized='view') }}
with ks4 as (
    select * from {{ without_catalog(ref('stg_ks4')) }}
),

measures as (
    select * from {{ without_catalog(ref('ks4_measure')) }}
),

nc_years as (
    select
        code,
        year_group
    from {{ without_catalog(ref('nc_year')) }}
),

years as (
    select distinct academic_year
    from ks4
    where academic_year is not null
),

-- A measure has another column in another year. The regime of a year is the first one
-- that has not ended by then.
listed as (
    select
        years.academic_year,
        min(measures.regime) as ks4_regime,
        {%- for measure, _, _ in ks4_measures() %}
        max(measures.column_name) filter (
            where
            measures.measure = '{{ measure }}'
            and measures.first_academic_year <= years.academic_year
        ) as {{ measure }}_column,
        {%- endfor %}
        max(measures.measure) filter (
            where
            measures.is_rank_measure
            and measures.first_academic_year <= years.academic_year
        ) as rank_measure
    from years
    inner join measures
        on years.academic_year <= coalesce(measures.last_academic_year, '9999/9999')
    group by years.academic_year
),

measured as (
    select
        ks4._source_file,
        ks4._source_row,
        ks4.pupil_id,
        ks4.academic_year,
        ks4.academic_year_start,
        ks4.academic_year_end,
        listed.ks4_regime,
        listed.rank_measure,
        {%- for measure, _, _ in ks4_measures() %}
        {{ ks4_measure_value(measure, 'listed') }} as {{ measure }},
        {%- endfor %}
        ks4.year_of_birth,
        ks4.month_of_birth,
        ks4.gender_code,
        {{ one_yes(['ks4.is_free_meals', 'ks4.is_free_meals_6_years']) }}
            as is_ever_free_meals,
        ks4.is_in_national_results,
        ks4.norflage,
        -- Blank before 2006/07: then the pupils of year group 11 are at the end.
        coalesce(
            ks4.is_end_of_ks4,
            coalesce(nc_years.year_group, ks4.year_group_by_age) = 11,
            false
        ) as is_end_of_ks4
    from ks4
    left join listed on ks4.academic_year = listed.academic_year
    left join nc_years on ks4.nc_year_code = nc_years.code
),

final as (
    select
        *,
        case rank_measure
            when 'points_capped' then points_capped
            when 'attainment_8' then attainment_8
        end as rank_points,
        case
            when pupil_id is null then 'no pupil reference'
            when academic_year is null then 'no school year'
            when not is_end_of_ks4 then 'not at the end of key stage 4'
        end as problem
    from measured
)

select * from final
