with pupils as (
    select * from {{ ref('int_pupil') }}
),

pupils_with_moj_uid as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

identifiers_of_rows as (
    select distinct
        pupil_id,
        moj_uid
    from {{ ref('int_pupil_row') }}
    where moj_uid is not null
),

deaths as (
    select * from {{ ref('int_pupil_death') }}
),

-- A spreadsheet drops the zeros at the start of a number.
zeros as (
    select
        count(*) as n_checked,
        count(shortened.pupil_id) as n_found
    from pupils
    left join pupils as shortened
        on shortened.pupil_id = {{ rewritten('pupils.pupil_id', [('^0+', '')]) }}
    where {{ matches('pupils.pupil_id', '0[0-9]+') }}
),

-- A program or a person can change the case of a reference. They remain two persons.
cases as (
    select
        sum(n_pupils) as n_checked,
        sum(n_pupils) filter (where n_pupils > 1) as n_found
    from (
        select count(*) as n_pupils
        from pupils
        group by upper(pupil_id)
    ) as alike
),

moj_uids as (
    select
        moj_uid,
        count(*) as n_pupils
    from identifiers_of_rows
    group by moj_uid
),

{% for dataset in ['census', 'ks4'] %}
-- A blank month is not another birth.
{{ dataset }}_births as (
    select
        delivered.pupil_id,
        bool_or(
            delivered.year_of_birth <> pupils.year_of_birth
            or coalesce(delivered.month_of_birth <> pupils.month_of_birth, false)
        ) as has_other_birth
    from {{ ref('stg_' ~ dataset) }} as delivered
    inner join pupils on delivered.pupil_id = pupils.pupil_id
    where
        delivered.year_of_birth is not null and pupils.year_of_birth is not null
    group by delivered.pupil_id
),

{% endfor -%}

final as (
    select
        'pupil with more than one MoJ identifier' as conflict_type,
        count(*) filter (where has_conflicting_moj_uid) as n_found,
        count(*) as n_checked
    from pupils_with_moj_uid
    union all
    select
        'MoJ identifier with more than one pupil' as conflict_type,
        count(*) filter (where n_pupils > 1) as n_found,
        count(*) as n_checked
    from moj_uids
    union all
    select
        'MoJ identifier with ten pupils or more' as conflict_type,
        count(*) filter (where n_pupils >= 10) as n_found,
        count(*) as n_checked
    from moj_uids
    union all
    select
        'pupil with ten MoJ identifiers or more' as conflict_type,
        count(*) filter (where n_moj_uids >= 10) as n_found,
        count(*) as n_checked
    from pupils_with_moj_uid
    union all
    select
        'pupil reference that another one is without its zeros' as conflict_type,
        n_found,
        n_checked
    from zeros
    union all
    select
        'pupil reference that differs from another one only in case' as conflict_type,
        cast(coalesce(n_found, 0) as bigint) as n_found,
        cast(coalesce(n_checked, 0) as bigint) as n_checked
    from cases
    union all
    select
        'pupil with more than one birth' as conflict_type,
        count(*) filter (where is_birth_disputed) as n_found,
        count(*) as n_checked
    from pupils
    where in_population
    union all
    select
        'pupil with more than one gender' as conflict_type,
        count(*) filter (where is_gender_disputed) as n_found,
        count(*) as n_checked
    from pupils
    where in_population
    {% for dataset, name in [('census', 'the census'), ('ks4', 'KS4')] %}
    union all
    select
        'pupil with another birth in {{ name }}' as conflict_type,
        count(*) filter (where has_other_birth) as n_found,
        count(*) as n_checked
    from {{ dataset }}_births
    {% endfor %}
    {% for dataset, name in [
        ('census', 'in the census'),
        ('absence', 'in absence'),
        ('exclusion', 'in exclusions'),
        ('ks4', 'in KS4'),
        ('offence', 'in offences'),
    ] %}
    union all
    select
        'pupil {{ name }} after the recorded death' as conflict_type,
        count(*) filter (where is_in_{{ dataset }}_after) as n_found,
        count(*) as n_checked
    from deaths
    {% endfor %}
)

select * from final
