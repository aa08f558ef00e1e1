{{ config(materialized='view') }}
{%- set levels = ['care', 'plan', 'need', 'referral'] -%}
{#- Columns of int_person_offending that the next model needs. -#}
{%- set passed_on = [
    'pupil_id', 'moj_uid', 'birth_cohort', 'gender_code', 'ethnic_group_major_code',
    'n_convictions', 'n_cautions', 'highest_disposal_rank', 'first_offence_date',
    'first_offence_age', 'first_conviction_date', 'first_disposal_date',
    'justice_observed_to_age', 'is_justice_observed', 'is_justice_10_17_complete',
    'is_justice_complete'
] -%}
with pupils as (
    select * from {{ without_catalog(ref('int_person_offending')) }}
),

evidence as (
    select * from {{ without_catalog(ref('int_person_evidence')) }}
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
        pupils.*,
        {% for level in levels + ['any'] %}
        contacts.{{ level }}_earliest_date,
        contacts.{{ level }}_latest_date,
        {% endfor %}
        {{ intervention_rank('chosen', 'evidence') }} as highest_intervention_rank,
        windows.cla_first_year is not null as is_care_delivered,
        windows.cin_first_year is not null as is_need_delivered,
        windows.cla_first_year is not null or windows.cin_first_year is not null
            as is_any_delivered,
        windows.is_conviction_date_delivered
        and coalesce(windows.cla_first_year, windows.cin_first_year) is not null
            as is_disposal_dated,
        {{ reporting_year_end('windows.cla_first_year') }} as care_first_year_end,
        {{ reporting_year_end('windows.cin_first_year') }} as need_first_year_end
    from pupils
    cross join windows
    cross join chosen
    left join evidence on pupils.pupil_id = evidence.pupil_id
    left join contacts on pupils.pupil_id = contacts.pupil_id
),

-- The contact at the highest level. For a child whose only care was a remand, the next
-- lower level counts. A contact that the definition does not count is left out.
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

final as (
    select
        {{ passed_on | join(',\n        ') }},
        cast(highest_intervention_rank as integer) as highest_intervention_rank,
        {% for name, level, offending, needed in [
            ('contact_order', 'highest', 'offence', 'is_any_delivered'),
            ('contact_order_by_disposal', 'highest', 'disposal', 'is_disposal_dated'),
            ('contact_order_any', 'any', 'offence', 'is_any_delivered'),
            ('contact_order_referral', 'referral', 'offence', 'is_need_delivered'),
            ('contact_order_need', 'need', 'offence', 'is_need_delivered'),
            ('contact_order_plan', 'plan', 'offence', 'is_need_delivered'),
            ('contact_order_care', 'care', 'offence', 'is_care_delivered'),
        ] %}
        case
            when {{ needed }}
                then {{ contact_order(
                    level ~ '_earliest_date', level ~ '_latest_date', 'has_offending',
                    'first_' ~ offending ~ '_date', 'is_justice_observed'
                ) }}
        end as {{ name }},
        {% endfor %}
        {% for level, days in [
            ('highest', 'social_care'), ('any', 'any_contact'), ('referral', 'referral'),
            ('need', 'need'), ('plan', 'plan'), ('care', 'care'),
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
        end as is_first_contact_uncertain
    from ranked
)

select * from final
