{%- set columns = [
    'pupil_id',
    'academic_year',
    'academic_year_start',
    'academic_year_end',
    'is_main_record',
    'enrolment_status_code',
    'year_group',
    'nc_year_code',
    'local_authority_code',
    'school_id',
    'phase_code',
    'age_at_start_of_year',
    'is_free_meals',
    'sen_code',
    'ethnic_group_major_code',
    'deprivation_score',
    'moj_uid',
    'delivered_possible',
    'delivered_authorised',
    'delivered_unauthorised',
    'has_known_sessions',
] + absence_session_columns() | map(attribute=0) | list -%}
with absence as (
    select * from {{ ref('int_absence_row') }}
),

repeated as (
    select
        pupil_id,
        academic_year
    from absence
    group by pupil_id, academic_year
    having count(*) > 1
),

-- Few pupils have several rows in a year, so to compare whole rows costs little.
final as (
    select
        {%- for column in columns %}
        absence.{{ column }},
        {%- endfor %}
        cast(count(*) as integer) as n_copies
    from absence
    inner join repeated
        on
            absence.pupil_id = repeated.pupil_id
            and absence.academic_year = repeated.academic_year
    group by all
)

select * from final
