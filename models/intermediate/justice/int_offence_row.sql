with evidence as {{ computed_once() }} (
    select
        *,
        {{ hash_key(['occasion_id', 'offence_mark']) }} as offence_id
    from {{ ref('int_offence_evidence') }}
),

delivered as (
    select coalesce(bool_or(has_disposal), false) as has_disposals
    from evidence
),

-- All rows of an offence count, whatever the rank of their disposals.
offences as (
    select
        offence_id,
        min(offence_age) as offence_age,
        max(disposal_severity_rank) as highest_rank,
        coalesce(bool_or(disposal_severity_rank = 1), false) as has_caution,
        coalesce(bool_or(disposal_severity = 'none'), false) as has_no_sanction,
        bool_or(has_disposal) as has_disposal,
        coalesce(bool_or(is_guilty), false) as is_guilty,
        count(is_guilty) > 0 as has_adjudication,
        bool_or(is_recorded_conviction) as is_recorded_conviction,
        {{ is_disputed('offence_date') }} or {{ is_disputed('offence_group_code') }}
            as is_number_shared
    from evidence
    where offence_id is not null
    group by offence_id
),

found as (
    select
        *,
        is_guilty
        or (not has_adjudication and coalesce(is_recorded_conviction, false))
            as has_finding
    from offences
),

-- A caution needs no finding of guilt, and a sentence without one does not undo it. The
-- column Conviction decides where neither disposal nor finding shows what it was.
cautioned as (
    select
        *,
        (has_caution and (highest_rank = 1 or not has_finding))
        or (
            not has_disposal
            and not coalesce(is_recorded_conviction, true)
            and (is_guilty or not has_adjudication)
        ) as is_caution
    from found
),

judged as (
    select
        *,
        has_finding
        and not is_caution
        and (highest_rank is not null or not has_no_sanction) as is_conviction
    from cautioned
),

final as (
    select
        evidence.offence_id,
        evidence.occasion_id,
        evidence.pupil_id,
        evidence.moj_uid,
        evidence.case_id,
        evidence.link_type,
        evidence.is_link_disputed,
        evidence.is_moj_uid_shared,
        evidence.offence_date,
        judged.offence_age,
        evidence.conviction_date,
        evidence.is_primary,
        evidence.offence_group_code,
        coalesce(judged.is_caution or judged.is_conviction, false) as is_proven,
        coalesce(judged.is_conviction, false) as is_conviction,
        -- A court that convicts gives at least a sentence without custody.
        cast(case
            when judged.is_caution then 1
            when judged.is_conviction
                then coalesce(
                    judged.highest_rank, case when delivered.has_disposals then 2 end
                )
        end as integer) as severity_rank,
        coalesce(
            judged.is_conviction
            and judged.highest_rank is null
            and delivered.has_disposals,
            false
        ) as is_severity_assumed,
        coalesce(judged.highest_rank >= 2 and not judged.has_finding, false)
            as is_sentence_without_guilt,
        coalesce(judged.is_number_shared, false) as is_number_shared,
        case
            when evidence.offence_id is null then 'no identifier of a person'
            when judged.offence_age < 10 then 'under 10'
            when judged.has_finding and not (judged.is_caution or judged.is_conviction)
                then 'finding of guilt without a sanction'
            when not (judged.is_caution or judged.is_conviction)
                then 'no finding of guilt and no caution'
        end as reason_excluded,
        evidence._source_file,
        evidence._source_row
    from evidence
    cross join delivered
    left join judged on evidence.offence_id = judged.offence_id
)

select * from final
