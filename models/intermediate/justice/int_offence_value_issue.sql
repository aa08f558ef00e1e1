with offence_rows as (
    select * from {{ ref('stg_offence') }}
),

pupils as (
    select * from {{ ref('int_pupil') }}
),

read as (
    {{ issues_of_columns(
        'offence_rows', 'cast(null as string)', checked_columns('offence')
    ) }}
),

contradictions as (
    select
        _source_file,
        _source_row,
        cast(null as string) as academic_year,
        'conviction_date' as column_name,
        'before the offence' as issue
    from offence_rows
    where conviction_date < offence_date
    union all
    select
        offence_rows._source_file,
        offence_rows._source_row,
        cast(null as string) as academic_year,
        'offence_date' as column_name,
        'before the birth of the pupil' as issue
    from offence_rows
    inner join pupils on offence_rows.pupil_id = pupils.pupil_id
    where
        coalesce(
            {{ age_on('offence_rows.offence_date', 'pupils') }},
            extract(year from offence_rows.offence_date) - pupils.year_of_birth
        ) < 0
    union all
    select
        _source_file,
        _source_row,
        cast(null as string) as academic_year,
        'case_id' as column_name,
        'blank' as issue
    from offence_rows
    where case_id is null and case_id_issue is null
),

final as (
    select * from read
    union all
    select * from contradictions
)

select * from final
