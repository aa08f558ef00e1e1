with ks4 as (
    select * from {{ ref('stg_ks4') }}
),

ks4_rows as (
    select * from {{ ref('int_ks4_row') }}
),

measures as (
    select * from {{ ref('ks4_measure') }}
    where measure = 'level_2_english_maths'
),

read as (
    {{ issues_of_columns('ks4', 'academic_year', checked_columns('ks4')) }}
),

years_with_results as (
    select distinct academic_year
    from ks4_rows
    where level_2_english_maths is not null
),

-- A pupil without entries has 0 in these columns, so a blank is not a result.
blank_results as (
    select
        ks4_rows._source_file,
        ks4_rows._source_row,
        ks4_rows.academic_year,
        'has_' || lower(substr(measures.column_name, 5)) as column_name,
        'no result at the end of key stage 4' as issue
    from ks4_rows
    inner join years_with_results
        on ks4_rows.academic_year = years_with_results.academic_year
    inner join measures
        on
            ks4_rows.academic_year >= measures.first_academic_year
            and ks4_rows.academic_year
            <= coalesce(measures.last_academic_year, '9999/9999')
    where
        ks4_rows.exclusion_reason is null
        and ks4_rows.level_2_english_maths is null
),

final as (
    select * from read
    union all
    select * from blank_results
)

select * from final
