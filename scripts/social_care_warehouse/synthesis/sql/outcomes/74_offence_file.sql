-- The police record as it is delivered: one row per disposal of an offence.
create or replace view offence_file as
with struck as (
    select
        offence_row.* replace (
            if(of_cautions.row_id is not null, 'G', adjudication_code) as adjudication_code
        ),
        faults.kinds,
    from offence_row
    left join faults
        on offence_row.row_id = faults.row_id
        and faults.dataset = 'offence'
    left join faults as of_cautions
        on offence_row.row_id = of_cautions.row_id
        and of_cautions.dataset = 'offence_caution'
),

copied as (
    select *, 0 as copy from struck
    union all
    select *, 1 from struck where faulty(kinds, 'duplicate_row')
    union all
    -- Of a person who is in no other file.
    select *, 2 from struck where faulty(kinds, 'unknown_person')
    union all
    select struck.* replace (
        (child.birth_month + interval 100 month)::date as offence_date,
        'Y' || struck.case_id as case_id
    ), 3
    from struck
    inner join child on struck.child_number = child.child_number
    where faulty(struck.kinds, 'under_ten')
    union all
    select * replace (
        date '2040-05-01' as offence_date,
        'Z' || case_id as case_id
    ), 4
    from struck where faulty(kinds, 'after_window')
    union all
    select struck.* replace (
        death.death_date + 90 as offence_date,
        'D' || struck.case_id as case_id
    ), 5
    from struck
    inner join faults
        on struck.row_id = faults.row_id
        and faults.dataset = 'offence_of_dead'
    inner join death on struck.child_number = death.child_number
)

select
    written.child_number,
    written.occasion_number,
    written.offence_number,
    written.disposal_number,
    year(written.offence_date) as school_year,
    if(
        copy = 2,
        'MSYNX' || upper(to_hex(hash(written.child_number, 'unknown person') >> 8)),
        coalesce(
            if(
                not getvariable('clean')
                and draw(written.row_id, 'which moj_uid', 0) < 0.4,
                identifier.second_moj_uid,
                null
            ),
            identifier.moj_uid
        )
    ) as moj_uid,
    blank_text(
        if(has_no_pupil_id or copy = 2, null, identifier.pupil_id), blank_form
    ) as pupil_id,
    case_id,
    case_id || '-' || written.offence_number::varchar as offence_id,
    case
        when faulty(kinds, 'date_1900') then date_text(date '1900-01-01', date_form)
        when faulty(kinds, 'other_country') then blank_text(null, blank_form)
        else date_text(written.offence_date, date_form)
    end as offence_date,
    if(
        faulty(kinds, 'negative_age'),
        -1,
        age_on(child.birth_month, written.offence_date)
    )::varchar as offence_age,
    if(is_primary, 'Y', 'N') as is_primary,
    if(
        faulty(kinds, 'rank_missing'),
        blank_text(null, blank_form),
        (first_rank + disposal_number - 1)::varchar
    ) as disposal_rank,
    if(faulty(kinds, 'unknown_disposal'), '9999', disposal_code) as disposal_code,
    blank_text(adjudication_code, blank_form) as adjudication_code,
    if(faulty(kinds, 'group_missing'), blank_text(null, blank_form), offence_group)
        as offence_group,
    'Synthetic offence of group ' || offence_group as offence,
    case
        when offence_group like '1%' then 'summary'
        when offence_group like '03%' then 'indictable'
        else 'either way'
    end as offence_type,
    (outcome = 'conviction')::integer::varchar as conviction,
    date_text(decision_date, date_form) as decision_date,
    if(faulty(kinds, 'other_country'), 'Scotland', 'England') as country,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'blank') as blank_form,
    from copied
) as written
inner join identifier on written.child_number = identifier.child_number
inner join child on written.child_number = child.child_number
order by
    written.child_number,
    written.occasion_number,
    written.offence_number,
    written.disposal_number,
    written.copy;
