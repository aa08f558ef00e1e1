{{ config(materialized='view') }}
{%- set levels = ['care', 'plan', 'need', 'referral'] -%}
with pupils as (
    select * from {{ without_catalog(ref('int_person_follow_up')) }}
),

evidence as (
    select * from {{ without_catalog(ref('int_person_evidence')) }}
),

ks4 as (
    select * from {{ without_catalog(ref('int_ks4_pupil')) }}
),

schooling as (
    select * from {{ without_catalog(ref('int_person_schooling')) }}
),

census as (
    select * from {{ without_catalog(ref('int_person_census')) }}
),

justice as (
    select * from {{ without_catalog(ref('int_person_justice')) }}
    where counting_rule = '{{ var("counting_rule") }}'
),

contacts as (
    select * from {{ without_catalog(ref('int_person_contact')) }}
),

windows as (
    select * from {{ without_catalog(ref('int_observation_window')) }}
),

chosen as (
    select * from {{ without_catalog(ref('intervention_definitions')) }}
    where definition = '{{ var("intervention_definition") }}'
),

joined as (
    select
        pupils.pupil_id,
        pupils.moj_uid,
        pupils.birth_cohort,
        pupils.gender_code,
        pupils.ethnic_group_major_code,
        {{ intervention_rank(
            looked_after_rule='chosen.looked_after_rule',
            plan_rule='chosen.plan_rule',
            need_rule='chosen.need_rule',
            in_cla='evidence.in_cla',
            in_cin='evidence.in_cin',
            is_short_breaks_only='evidence.is_short_breaks_only',
            cpp_by_abuse_category='evidence.cpp_by_abuse_category',
            cpp_by_abuse_category_as_delivered='evidence.cpp_by_abuse_category_as_delivered',
            cpp_by_previous_plans='evidence.cpp_by_previous_plans',
            cpp_by_plan_start='evidence.cpp_by_plan_start',
            cpp_by_any_plan_field='evidence.cpp_by_any_plan_field',
            is_child_in_need='evidence.is_child_in_need',
            is_assessed_in_need='evidence.is_assessed_in_need'
        ) }} as highest_intervention_rank,
        ks4.academic_year as ks4_academic_year,
        ks4.ks4_regime,
        ks4.level_2_english_maths as ks4_level_2_english_maths,
        ks4.ks4_attainment_rank,
        schooling.unauthorised_sessions_secondary,
        schooling.sessions_possible_secondary,
        case
            when windows.absence_first_year is not null
                then coalesce(schooling.n_secondary_years_observed, 0)
        end as n_secondary_years_observed,
        schooling.suspension_sessions_secondary,
        schooling.n_suspensions_secondary,
        case
            when windows.suspension_first_year is not null
                then coalesce(schooling.n_secondary_years_suspensions_observed, 0)
        end as n_secondary_years_suspensions_observed,
        schooling.n_permanent_exclusions,
        schooling.first_permanent_exclusion_date,
        -- None is known only inside the observed window, and not where an occasion has
        -- no age.
        pupils.is_justice_observed
        and coalesce(justice.n_occasions_age_unknown, 0) = 0 as is_none_known,
        justice.pupil_id is not null as has_justice,
        justice.n_convictions,
        justice.n_cautions,
        justice.highest_disposal_rank,
        justice.first_offence_date,
        justice.first_offence_age,
        justice.first_conviction_date,
        justice.first_disposal_date,
        pupils.justice_observed_to_age,
        pupils.is_justice_observed,
        pupils.is_justice_10_17_complete,
        pupils.is_justice_complete,
        census.home_la_at_15,
        census.school_la_at_15,
        census.idaci_decile_at_15,
        census.sen_at_15,
        census.age_in_census_at_15,
        coalesce(
            census.is_ever_fsm or ks4.is_free_meals,
            census.is_ever_fsm,
            ks4.is_free_meals
        ) as is_ever_fsm,
        windows.is_conviction_date_delivered,
        windows.cla_first_year is not null as is_care_delivered,
        windows.cin_first_year is not null as is_need_delivered,
        {{ reporting_year_end('windows.cla_first_year') }} as care_first_year_end,
        {{ reporting_year_end('windows.cin_first_year') }} as need_first_year_end,
        {% for level in levels %}
        contacts.{{ level }}_earliest_date,
        contacts.{{ level }}_latest_date,
        {% endfor %}
        contacts.any_earliest_date,
        contacts.any_latest_date
    from pupils
    cross join windows
    cross join chosen
    left join evidence on pupils.pupil_id = evidence.pupil_id
    left join ks4 on pupils.pupil_id = ks4.pupil_id
    left join schooling on pupils.pupil_id = schooling.pupil_id
    left join census on pupils.pupil_id = census.pupil_id
    left join justice on pupils.pupil_id = justice.pupil_id
    left join contacts on pupils.pupil_id = contacts.pupil_id
),

-- The contact at the highest level. A child whose only care was a remand is judged by
-- the next lower level, and a contact that the definition does not count by none.
ranked as (
    select
        *,
        {% for bound in ['earliest', 'latest'] %}
        case
            {% for level in levels %}
            when
                highest_intervention_rank >= {{ 4 - loop.index0 }}
                and {{ level }}_latest_date is not null
                then {{ level }}_{{ bound }}_date
            {% endfor %}
        end as highest_{{ bound }}_date,
        {% endfor %}
        highest_intervention_rank = 4 and care_latest_date is not null
            as is_highest_care
    from joined
),

known as (
    select
        *,
        case
            when n_convictions > 0 then n_convictions
            when is_none_known then 0
        end as n_known_convictions,
        case when n_cautions > 0 then n_cautions when is_none_known then 0 end
            as n_known_cautions,
        case
            when highest_disposal_rank is not null then highest_disposal_rank
            when n_convictions + n_cautions > 0 then null
            when is_none_known then 0
        end as highest_known_disposal_rank,
        is_care_delivered or is_need_delivered as is_any_delivered
    from ranked
),

final as (
    select
        pupil_id,
        moj_uid,
        birth_cohort,
        gender_code,
        ethnic_group_major_code,
        cast(highest_intervention_rank as integer) as highest_intervention_rank,
        ks4_academic_year,
        ks4_regime,
        ks4_level_2_english_maths,
        ks4_attainment_rank,
        unauthorised_sessions_secondary,
        sessions_possible_secondary,
        n_secondary_years_observed,
        suspension_sessions_secondary,
        n_suspensions_secondary,
        n_secondary_years_suspensions_observed,
        n_permanent_exclusions > 0 as is_permanently_excluded,
        n_permanent_exclusions,
        first_permanent_exclusion_date,
        cast(
            case when n_known_convictions > 2 then 2 else n_known_convictions end
            as integer
        ) as convictions_band_rank,
        cast(n_known_convictions as integer) as n_convictions,
        cast(n_known_cautions as integer) as n_cautions,
        cast(n_known_convictions + n_known_cautions as integer) as n_occasions,
        cast(highest_known_disposal_rank as integer) as highest_disposal_rank,
        first_offence_date,
        first_offence_age,
        first_conviction_date,
        first_disposal_date,
        {% for name, date, needed in [
            ('contact_order', 'first_offence_date', 'is_any_delivered'),
            (
                'contact_order_by_disposal',
                'first_disposal_date',
                'is_any_delivered and is_conviction_date_delivered',
            ),
        ] %}
        case
            when {{ needed }}
                then {{ contact_order(
                    'highest_earliest_date', 'highest_latest_date', 'has_justice', date,
                    'is_justice_observed'
                ) }}
        end as {{ name }},
        {% endfor %}
        {% for level in ['any', 'referral', 'need', 'plan', 'care'] %}
        case
            when {{ {'any': 'is_any_delivered', 'care': 'is_care_delivered'}.get(
                level, 'is_need_delivered'
            ) }}
                then {{ contact_order(
                    level ~ '_earliest_date', level ~ '_latest_date', 'has_justice',
                    'first_offence_date', 'is_justice_observed'
                ) }}
        end as contact_order_{{ level }},
        {% endfor %}
        {% for level, days in [
            ('highest', 'social_care'),
            ('any', 'any_contact'),
            ('referral', 'referral'),
            ('need', 'need'),
            ('plan', 'plan'),
            ('care', 'care'),
        ] %}
        case
            when {{ level }}_earliest_date = {{ level }}_latest_date
                then {{ days_between(level ~ '_earliest_date', 'first_offence_date') }}
        end as days_{{ days }}_to_offence,
        {% endfor %}
        case
            when highest_earliest_date = highest_latest_date then highest_earliest_date
        end as first_social_care_date,
        case
            when is_highest_care then highest_earliest_date <= care_first_year_end
            else highest_earliest_date <= need_first_year_end
        end as is_first_contact_uncertain,
        justice_observed_to_age,
        is_justice_observed,
        is_justice_10_17_complete,
        is_justice_complete,
        home_la_at_15,
        school_la_at_15,
        idaci_decile_at_15,
        is_ever_fsm,
        sen_at_15,
        age_in_census_at_15
    from known
)

select * from final
