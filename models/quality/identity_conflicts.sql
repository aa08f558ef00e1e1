with pupils as (
    select * from {{ ref('int_pupil') }}
),

identifiers as (
    select * from {{ ref('int_pupil_moj_uid') }}
),

linked_pupils as (
    select * from identifiers
    where is_main
),

deaths as (
    select * from {{ ref('int_pupil_death') }}
),

-- A spreadsheet drops the zeros at the start of a number.
references_with_zeros as (
    select shortened.pupil_id is not null as is_also_without_zeros
    from pupils
    left join pupils as shortened
        on shortened.pupil_id = {{ rewritten('pupils.pupil_id', [('^0+', '')]) }}
    where {{ matches('pupils.pupil_id', '0[0-9]+') }}
),

-- A program or a person can change the case of a reference. They remain two persons.
-- At least one of them has a small letter, which few deliveries have.
forms_of_small_letters as (
    select upper(pupil_id) as form
    from pupils
    where pupil_id <> upper(pupil_id)
),

forms as (
    select
        upper(pupil_id) as form,
        count(*) as n_pupils
    from pupils
    where upper(pupil_id) in (select small.form from forms_of_small_letters as small)
    group by upper(pupil_id)
),

references_by_form as (
    select coalesce(forms.n_pupils > 1, false) as is_also_in_other_case
    from pupils
    left join forms on upper(pupils.pupil_id) = forms.form
),

moj_uids as (
    select
        moj_uid,
        count(*) as n_pupils
    from identifiers
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
    {% for conflict_type, checked, condition in [
        ('pupil with more than one MoJ identifier', 'linked_pupils', 'n_moj_uids > 1'),
        ('MoJ identifier with more than one pupil', 'moj_uids', 'n_pupils > 1'),
        ('MoJ identifier with ten pupils or more', 'moj_uids', 'n_pupils >= 10'),
        ('pupil with ten MoJ identifiers or more', 'linked_pupils', 'n_moj_uids >= 10'),
        (
            'pupil reference that also occurs without its leading zeros',
            'references_with_zeros',
            'is_also_without_zeros',
        ),
        (
            'pupil reference that differs from another one only in case',
            'references_by_form',
            'is_also_in_other_case',
        ),
        ('pupil with more than one birth', 'pupils where in_population', 'is_birth_disputed'),
        ('pupil with more than one gender', 'pupils where in_population', 'is_gender_disputed'),
        ('pupil with another birth in the census', 'census_births', 'has_other_birth'),
        ('pupil with another birth in KS4', 'ks4_births', 'has_other_birth'),
        ('pupil in the census after the recorded death', 'deaths', 'is_in_census_after'),
        ('pupil in absence after the recorded death', 'deaths', 'is_in_absence_after'),
        ('pupil in exclusions after the recorded death', 'deaths', 'is_in_exclusion_after'),
        ('pupil in KS4 after the recorded death', 'deaths', 'is_in_ks4_after'),
        ('pupil in offences after the recorded death', 'deaths', 'is_in_offence_after'),
    ] %}
    select
        '{{ conflict_type }}' as conflict_type,
        count(*) filter (where {{ condition }}) as n_found,
        count(*) as n_checked
    from {{ checked }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
