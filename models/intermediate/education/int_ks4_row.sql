with measured as (
    select * from {{ ref('int_ks4_measured') }}
),

-- Of several rows at the end of key stage 4, one is used. The last steps of the order
-- only make the choice the same in each build.
ordered as (
    select
        *,
        row_number() over (
            partition by pupil_id, problem
            order by
                coalesce(is_in_national_results, false) desc,
                academic_year desc,
                coalesce(norflage = 2, false) asc,
                rank_points desc nulls last,
                level_2_english_maths desc nulls last,
                _source_file asc,
                _source_row asc
        ) as choice
    from measured
),

final as (
    select
        _source_file,
        _source_row,
        pupil_id,
        academic_year,
        academic_year_start,
        academic_year_end,
        ks4_regime,
        {%- for measure, _, _ in ks4_measures() %}
        {{ measure }},
        {%- endfor %}
        rank_measure,
        year_of_birth,
        month_of_birth,
        gender_code,
        is_ever_free_meals,
        case
            when problem is null and choice > 1
                then 'another row of the pupil is used'
            else problem
        end as exclusion_reason
    from ordered
)

select * from final
