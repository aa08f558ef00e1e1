-- The police record as it is delivered: one row per disposal of an offence.
create or replace view offence_file as
select
    written.child_number,
    written.occasion_number,
    written.offence_number,
    written.disposal_number,
    year(written.offence_date) as school_year,
    identifier.moj_uid,
    blank_text(if(has_no_pupil_id, null, identifier.pupil_id), blank_form) as pupil_id,
    case_id,
    case_id || '-' || written.offence_number::varchar as offence_id,
    date_text(written.offence_date, date_form) as offence_date,
    age_on(child.birth_month, written.offence_date)::varchar as offence_age,
    if(is_primary, 'Y', 'N') as is_primary,
    (first_rank + disposal_number - 1)::varchar as disposal_rank,
    disposal_code,
    blank_text(adjudication_code, blank_form) as adjudication_code,
    offence_group,
    'Synthetic offence of group ' || offence_group as offence,
    case
        when offence_group like '1%' then 'summary'
        when offence_group like '03%' then 'indictable'
        else 'either way'
    end as offence_type,
    (outcome = 'conviction')::integer::varchar as conviction,
    date_text(decision_date, date_form) as decision_date,
    'England' as country,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'blank') as blank_form,
    from offence_row
) as written
inner join identifier on written.child_number = identifier.child_number
inner join child on written.child_number = child.child_number
order by
    written.child_number,
    written.occasion_number,
    written.offence_number,
    written.disposal_number;
