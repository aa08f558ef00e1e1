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

plan_starts as (
    select
        pupil_id,
        min(cpp_start_date) as first_start_date
    from {{ ref('int_cin_plan') }}
    group by pupil_id
),

-- The first year that shows a plan. Where it already counts earlier plans, the first
-- plan lies before it at an unknown time; in a later year the plans seen explain them.
plan_years as (
    select
        pupil_id,
        {{ earliest_day_in('min(academic_year)') }} as first_year_start,
        {{ latest_day_in('min(academic_year)') }} as first_year_end,
        coalesce(
            min(academic_year)
            = min(academic_year) filter (where number_of_previous_cpp >= 1),
            false
        ) as has_earlier_plan
    from {{ ref('int_cin_person_year') }}
    where
        cpp_by_abuse_category or cpp_by_any_plan_field or number_of_previous_cpp >= 1
    group by pupil_id
),

plans as (
    select
        plan_years.pupil_id,
        case
            when plan_years.has_earlier_plan then cast('1900-01-01' as date)
            when plan_starts.first_start_date <= plan_years.first_year_end
                then plan_starts.first_start_date
            else plan_years.first_year_start
        end as earliest_date,
        least(
            coalesce(plan_starts.first_start_date, cast('2999-12-31' as date)),
            plan_years.first_year_end
        ) as latest_date
    from plan_years
    left join plan_starts on plan_years.pupil_id = plan_starts.pupil_id
),

-- Remand follows an offence, so it does not count as contact. A period of care counts
-- from its delivered start, or from the first other episode if it began with a remand.
periods as (
    select
        episodes.pupil_id,
        stays.period_number,
        min(episodes.episode_start_date) filter (
            where episodes.legal_status_code = 'J1'
        ) as remand_date,
        min(episodes.episode_start_date) filter (
            where coalesce(episodes.legal_status_code, '') <> 'J1'
        ) as episode_date,
        min(coalesce(stays.care_start_date, episodes.episode_start_date)) filter (
            where coalesce(episodes.legal_status_code, '') <> 'J1'
        ) as period_date
    from {{ ref('int_cla_episode') }} as episodes
    left join {{ ref('int_cla_episode_period') }} as stays
        on episodes.care_episode_id = stays.care_episode_id
    group by episodes.pupil_id, stays.period_number
),

care as (
    select
        pupil_id,
        case when remand_date <= episode_date then episode_date else period_date end
            as earliest_date,
        case when remand_date <= episode_date then episode_date else period_date end
            as latest_date
    from periods
    where episode_date is not null
    union all
    select
        pupil_id,
        {{ earliest_day_in('first_academic_year') }} as earliest_date,
        {{ latest_day_in('first_academic_year') }} as latest_date
    from {{ ref('int_cla_person') }}
    where n_care_episodes = 0
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
