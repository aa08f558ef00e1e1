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

{% set levels = ['referral', 'need', 'plan', 'care'] -%}
-- One row for each contact. A referral that became a need counts at both levels.
contacts as (
    {% for source, own in [
        ('referrals', {'referral': 'true', 'need': 'is_need'}),
        ('plans', {'plan': 'true'}),
        ('care', {'care': 'true'}),
    ] %}
    select
        {% for level in levels %}
        {% for bound in ['earliest', 'latest'] %}
        {% if level in own %}
        case when {{ own[level] }} then {{ bound }}_date end
            as {{ level }}_{{ bound }}_date,
        {% else %}
        cast(null as date) as {{ level }}_{{ bound }}_date,
        {% endif %}
        {% endfor %}
        {% endfor %}
        earliest_date,
        latest_date,
        pupil_id
    from {{ source }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Of several contacts, the first lies between the earliest of all starts and the
-- earliest of all ends.
final as (
    select
        pupil_id,
        {% for level in levels %}
        min({{ level }}_earliest_date) as {{ level }}_earliest_date,
        min({{ level }}_latest_date) as {{ level }}_latest_date,
        {% endfor %}
        min(earliest_date) as any_earliest_date,
        min(latest_date) as any_latest_date
    from contacts
    group by pupil_id
)

select * from final
