{{ config(materialized='view') }}
with records as (
    select * from {{ without_catalog(ref('int_census_record')) }}
),

deprivation as (
    select * from {{ without_catalog(ref('int_census_deprivation')) }}
),

by_rank as (
    select * from deprivation
    where measure = 'rank'
),

by_score as (
    select * from deprivation
    where measure = 'score'
),

final as (
    select
        records.pupil_id,
        records.academic_year,
        records.academic_year_start,
        records.academic_year_end,
        records.year_group,
        records.year_of_birth,
        records.month_of_birth,
        records.gender_code,
        records.ethnic_group_major_code,
        records.is_free_meals,
        records.is_ever_free_meals,
        records.has_free_meals,
        records.sen_code,
        records.local_authority_code,
        records.home_local_authority_code,
        records.deprivation_rank,
        records.deprivation_score,
        coalesce(
            records.delivered_deprivation_decile, by_rank.decile, by_score.decile
        ) as deprivation_decile,
        records.n_census_rows
    from records
    left join by_rank
        on
            records.academic_year = by_rank.academic_year
            and records.deprivation_rank = by_rank.measured_value
    left join by_score
        on
            records.academic_year = by_score.academic_year
            and records.deprivation_score = by_score.measured_value
)

select * from final
