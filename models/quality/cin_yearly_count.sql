with years as (
    select * from {{ ref('cin_year') }}
),

person_years as (
    select * from {{ ref('int_cin_person_year') }}
),

referrals as (
    select
        pupil_id,
        is_need_episode,
        {{ reporting_year_of('referral_date') }} as referral_year,
        case
            when closure_date >= referral_date
                then {{ reporting_year_of('closure_date') }}
        end as closure_year
    from {{ ref('int_cin_referral') }}
),

plans as (
    select distinct
        pupil_id,
        cpp_start_date,
        {{ reporting_year_of('cpp_start_date') }} as plan_year
    from {{ ref('int_cin_plan') }}
),

of_pupils as (
    select
        'in need on 31 March' as series,
        {{ reporting_year_named('academic_year') }} as reporting_year,
        count(*) as n_pupils
    from person_years
    where is_child_in_need_31_march
    group by academic_year
    union all
    select
        'plans on 31 March' as series,
        reporting_year,
        n_pupils_with_plan_31_march as n_pupils
    from years
    {% for series, events, year, condition in [
        ('referrals', 'referrals', 'referral_year', 'true'),
        ('need episodes started', 'referrals', 'referral_year', 'is_need_episode'),
        ('need episodes ended', 'referrals', 'closure_year', 'is_need_episode'),
        ('plans started', 'plans', 'plan_year', 'true'),
    ] %}
    union all
    select
        '{{ series }}' as series,
        {{ year }} as reporting_year,
        count(*) as n_pupils
    from {{ events }}
    where {{ condition }}
    group by {{ year }}
    {% endfor %}
),

-- Without dates nothing can be counted, which is not the same as 0. A plan without an
-- end is open only if the extract has ends.
of_rows as (
    {% for series, rows, seen in [
        ('in need on 31 March', 'n_in_need_31_march_without_pupil', 'true'),
        ('referrals', 'n_referrals_without_pupil', 'has_referral_dates'),
        ('need episodes started', 'n_need_started_without_pupil', 'has_referral_dates'),
        ('need episodes ended', 'n_need_ended_without_pupil', 'has_closure_dates'),
        ('plans on 31 March', 'n_plans_31_march_without_pupil', 'has_plan_starts and has_plan_ends'),
        ('plans started', 'n_plans_started_without_pupil', 'has_plan_starts'),
    ] %}
    select
        '{{ series }}' as series,
        reporting_year,
        {{ rows }} as n_rows_without_pupil,
        {{ seen }} as is_shown
    from years
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        of_rows.series,
        of_rows.reporting_year,
        coalesce(of_pupils.n_pupils, 0) as n_pupils,
        of_rows.n_rows_without_pupil
    from of_rows
    left join of_pupils
        on
            of_rows.series = of_pupils.series
            and of_rows.reporting_year = of_pupils.reporting_year
    where of_rows.is_shown
)

select * from final
