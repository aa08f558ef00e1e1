with referrals as (
    select
        pupil_id,
        is_need_episode or coalesce(is_child_in_need_31_march, false) as is_need,
        coalesce(referral_date, {{ earliest_day_in('first_academic_year') }})
            as earliest_date,
        coalesce(referral_date, {{ latest_day_in('first_academic_year') }})
            as latest_date
    from {{ ref('int_cin_referral') }}
),

plans as (
    select * from {{ ref('int_cin_plan_contact') }}
),

care as (
    select * from {{ ref('int_cla_contact') }}
),

contacts as (
    select
        'referral' as contact_level,
        pupil_id,
        earliest_date,
        latest_date
    from referrals
    union all
    select
        'need' as contact_level,
        pupil_id,
        earliest_date,
        latest_date
    from referrals
    where is_need
    union all
    select
        'plan' as contact_level,
        pupil_id,
        earliest_date,
        latest_date
    from plans
    union all
    select
        'care' as contact_level,
        pupil_id,
        earliest_date,
        latest_date
    from care
),

-- Of several contacts, the first lies between the earliest of all starts and the
-- earliest of all ends.
final as (
    select
        pupil_id,
        {% for level in ['referral', 'need', 'plan', 'care'] %}
        min(earliest_date) filter (where contact_level = '{{ level }}')
            as {{ level }}_earliest_date,
        min(latest_date) filter (where contact_level = '{{ level }}')
            as {{ level }}_latest_date,
        {% endfor %}
        min(earliest_date) as any_earliest_date,
        min(latest_date) as any_latest_date
    from contacts
    group by pupil_id
)

select * from final
