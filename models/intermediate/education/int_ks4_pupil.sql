with ks4_rows as (
    select * from {{ ref('int_ks4_row') }}
    where pupil_id is not null
),

end_rows as (
    select * from ks4_rows
    where exclusion_reason is null
),

-- A second answer: the best result of each measure over all rows of the pupil.
maximum as (
    select
        pupil_id,
        {%- for measure, type, _ in ks4_measures() %}
        {{ 'bool_or' if type == 'boolean' else 'max' }}({{ measure }}) as {{ measure }},
        {%- endfor %}
        cast(count(*) as integer) as n_ks4_rows
    from ks4_rows
    group by pupil_id
),

-- The variable ks4_row_rule chooses one of the two.
answered as (
    select
        end_rows.pupil_id,
        end_rows.academic_year,
        end_rows.academic_year_start,
        end_rows.academic_year_end,
        end_rows.ks4_regime,
        end_rows.rank_measure,
        {%- for measure, _, _ in ks4_measures() %}
        {{ 'end_rows' if ks4_row_rule() == 'end of ks4' else 'maximum' }}.{{ measure }},
        {%- endfor %}
        end_rows.is_ever_free_meals,
        end_rows.year_of_birth,
        end_rows.month_of_birth,
        end_rows.gender_code,
        maximum.n_ks4_rows,
        (
            {%- for measure, _, _ in ks4_measures() %}
            {{ 'or ' if not loop.first }}end_rows.{{ measure }}
            is distinct from maximum.{{ measure }}
            {%- endfor %}
        ) as differs_from_maximum
    from end_rows
    inner join maximum on end_rows.pupil_id = maximum.pupil_id
),

pointed as (
    select
        *,
        case rank_measure
            when 'points_capped' then points_capped
            when 'attainment_8' then attainment_8
        end as rank_points
    from answered
),

counted as (
    select
        academic_year,
        rank_points,
        count(*) as n_pupils,
        sum(count(*)) over (partition by academic_year order by rank_points)
            as n_up_to_here,
        sum(count(*)) over (partition by academic_year) as n_all
    from pointed
    where rank_points is not null
    group by academic_year, rank_points
),

-- The pupils with fewer points and half of those with as many, in per cent of all.
ranks as (
    select
        academic_year,
        rank_points,
        cast(100 * (2 * n_up_to_here - n_pupils) as double)
        / cast(2 * n_all as double) as ks4_attainment_rank
    from counted
),

final as (
    select
        pointed.pupil_id,
        pointed.academic_year,
        pointed.academic_year_start,
        pointed.academic_year_end,
        pointed.ks4_regime,
        {%- for measure, _, _ in ks4_measures() %}
        pointed.{{ measure }},
        {%- endfor %}
        ranks.ks4_attainment_rank,
        pointed.is_ever_free_meals,
        pointed.year_of_birth,
        pointed.month_of_birth,
        pointed.gender_code,
        pointed.n_ks4_rows,
        pointed.differs_from_maximum
    from pointed
    left join ranks
        on
            pointed.academic_year = ranks.academic_year
            and pointed.rank_points = ranks.rank_points
)

select * from final
