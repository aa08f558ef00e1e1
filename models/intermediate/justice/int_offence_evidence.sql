{{ config(materialized='view') }}
with offence_rows as (
    select * from {{ without_catalog(ref('stg_offence')) }}
),

pupils as (
    select * from {{ without_catalog(ref('int_pupil')) }}
),

-- An identifier that belongs to several pupils is not used as a link. Only the main one
-- shows a dispute, because the disputed row itself gives it to another pupil.
pupil_of_moj_uid as (
    select
        moj_uid,
        case when min(pupil_id) = max(pupil_id) then min(pupil_id) end as pupil_id,
        case
            when
                min(pupil_id) filter (where is_main)
                = max(pupil_id) filter (where is_main)
                then min(pupil_id) filter (where is_main)
        end as main_pupil_id
    from {{ without_catalog(ref('int_pupil_moj_uid')) }}
    group by moj_uid
),

-- Disposals and adjudications are delivered as a code or in words.
{% for name, seed, meaning in [
    ('disposals', 'pnc_disposal', 'severity'),
    ('adjudications', 'pnc_adjudication', 'is_guilty'),
] %}
{{ name }} as (
    select
        code,
        {{ meaning }}
    from {{ without_catalog(ref(seed)) }}
    union
    select
        staging.read_code(label) as code,
        {{ meaning }}
    from {{ without_catalog(ref(seed)) }}
),
{% endfor %}

severities as (
    select * from {{ without_catalog(ref('severity')) }}
    where severity_rank > 0
),

joined as (
    select
        offence_rows.*,
        coalesce(offence_rows.pupil_id, pupil_of_moj_uid.pupil_id) as linked_pupil_id,
        case
            when offence_rows.pupil_id is not null then 'pupil reference'
            when pupil_of_moj_uid.pupil_id is not null then 'moj_uid'
            else 'none'
        end as link_type,
        coalesce(offence_rows.pupil_id <> pupil_of_moj_uid.main_pupil_id, false)
            as is_link_disputed,
        pupil_of_moj_uid.moj_uid is not null
        and pupil_of_moj_uid.pupil_id is null as is_moj_uid_shared,
        -- Without a case the day of the offence is the best sign of an occasion.
        coalesce(
            'case ' || offence_rows.case_id,
            'day ' || cast(offence_rows.offence_date as string),
            'no case'
        ) as occasion_mark
    from offence_rows
    left join pupil_of_moj_uid on offence_rows.moj_uid = pupil_of_moj_uid.moj_uid
),

-- A row without an MoJ identifier has that of other rows of its pupil and case, else
-- that of its pupil, so that it stays in the case.
linked as (
    select
        *,
        coalesce(
            moj_uid,
            case
                when linked_pupil_id is not null
                    then min(moj_uid) over (
                        partition by linked_pupil_id, occasion_mark
                    )
            end
        ) as moj_uid_of_case
    from joined
),

-- The pupil is part of the key: where rows of one case name different pupils, each has
-- an occasion.
final as (
    select
        {{ hash_key([
            "coalesce('moj ' || coalesce(linked.moj_uid_of_case, pupils.moj_uid), "
            ~ "'pupil ' || linked.pupil_id)",
            'linked.occasion_mark',
            "coalesce(linked.linked_pupil_id, '')",
        ]) }} as occasion_id,
        -- Without a number, everything known about an offence identifies it.
        coalesce(
            'number ' || linked.offence_number,
            coalesce(cast(linked.offence_date as string), '')
            || '|' || coalesce(linked.offence_group_code, '')
            || '|' || coalesce(linked.offence, '')
            || '|' || coalesce(linked.offence_type_code, '')
        ) as offence_mark,
        linked.linked_pupil_id as pupil_id,
        linked.moj_uid,
        linked.case_id,
        linked.link_type,
        linked.is_link_disputed,
        linked.is_moj_uid_shared,
        linked.offence_date,
        linked.conviction_date,
        linked.is_primary,
        linked.offence_group_code,
        coalesce(
            {{ age_on('linked.offence_date', 'pupils') }}, linked.recorded_age
        ) as offence_age,
        disposals.severity as disposal_severity,
        severities.severity_rank as disposal_severity_rank,
        -- An unlisted adjudication is not a finding of guilt.
        case
            when linked.adjudication_code is not null
                then coalesce(adjudications.is_guilty, false)
        end as is_guilty,
        linked.is_recorded_conviction,
        linked.disposal_code is not null as has_disposal,
        linked._source_file,
        linked._source_row
    from linked
    left join pupils on linked.linked_pupil_id = pupils.pupil_id
    left join disposals on linked.disposal_code = disposals.code
    left join severities on disposals.severity = severities.severity
    left join adjudications on linked.adjudication_code = adjudications.code
)

select * from final
