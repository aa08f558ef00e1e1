-- The absence files as they are delivered: all text.
create or replace view absence_file as
with struck as (
    select absence_row.*, faults.kinds
    from absence_row
    left join faults
        on absence_row.row_id = faults.row_id
        and faults.dataset = 'absence'
),

-- A row may be there twice, or again from a school where the pupil was a guest.
copied as (
    select *, 0 as copy from struck
    union all
    select *, 1 from struck where faulty(kinds, 'duplicate_row')
    union all
    select * replace (
        'G' as enrolment_status,
        la_code || '4099' as laestab,
        false as is_main_record,
        12 as possible_autumn,
        1 as authorised_autumn,
        1 as unauthorised_autumn,
        0 as possible_spring,
        0 as possible_summer,
        0 as possible_sixth,
        0 as authorised_spring,
        0 as authorised_summer,
        0 as authorised_sixth,
        0 as unauthorised_spring,
        0 as unauthorised_summer,
        0 as unauthorised_sixth
    ), 2
    from struck where faulty(kinds, 'guest_row')
),

changed as (
    select * replace (
        if(faulty(kinds, 'unknown_year_group'), 'ZZ', nc_year) as nc_year,
        if(
            faulty(kinds, 'lower_case_code'),
            lower(enrolment_status) || ' ',
            enrolment_status
        ) as enrolment_status,
        possible_autumn + if(faulty(kinds, 'too_many_sessions'), 300, 0)
            as possible_autumn,
        unauthorised_autumn
        + if(faulty(kinds, 'unauthorised_over_possible'), possible_autumn + 400, 0)
            as unauthorised_autumn
    )
    from copied
),

written as (
    select
        *,
        -- A return that was not credible has 0 in every column.
        if(faulty(kinds, 'zero_return'), 0, 1) as credible,
        written_form(row_id, 'flag') as flag_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from changed
),

-- The year is the sum of the terms, without the sixth half-term.
summed as (
    select
        *,
        possible_autumn + possible_spring + possible_summer as possible_year,
        authorised_autumn + authorised_spring + authorised_summer as authorised_year,
        unauthorised_autumn + unauthorised_spring + unauthorised_summer
            as unauthorised_year,
    from written
)

select
    summed.school_year,
    summed.child_number,
    summed.enrolment,
    summed.copy,
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    academic_year_text(
        summed.school_year + faulty(kinds, 'year_differs')::integer,
        year_form
    ) as academic_year,
    flag_text(is_main_record, flag_form) as main_record,
    enrolment_status,
    nc_year,
    summed.la_code,
    laestab,
    phase,
    age_at_start::varchar as age_at_start,
    flag_text(is_free_meals, flag_form) as free_meals,
    sen_code,
    child.ethnic_group,
    area_score_of(area_share)::varchar as area_score,
    if(
        faulty(kinds, 'unreadable_sessions'),
        'x',
        if(is_annual or possible_autumn = 0, null, credible * possible_autumn)::varchar
    ) as possible_autumn,
    if(is_annual or possible_spring = 0, null, credible * possible_spring)::varchar as possible_spring,
    if(is_annual or possible_summer = 0, null, credible * possible_summer)::varchar as possible_summer,
    if(is_annual or possible_sixth = 0, null, credible * possible_sixth)::varchar as possible_sixth,
    if(is_annual, credible * possible_year, null)::varchar as possible_annual,
    (credible * possible_year)::varchar as possible_year,
    (credible * (possible_year + if(is_annual, 0, possible_sixth)))::varchar as possible_six,
    if(is_annual or possible_autumn = 0, null, credible * authorised_autumn)::varchar as authorised_autumn,
    if(is_annual or possible_spring = 0, null, credible * authorised_spring)::varchar as authorised_spring,
    if(is_annual or possible_summer = 0, null, credible * authorised_summer)::varchar as authorised_summer,
    if(is_annual or possible_sixth = 0, null, credible * authorised_sixth)::varchar as authorised_sixth,
    if(is_annual, credible * authorised_year, null)::varchar as authorised_annual,
    (credible * authorised_year)::varchar as authorised_year,
    (credible * (authorised_year + if(is_annual, 0, authorised_sixth)))::varchar as authorised_six,
    if(is_annual or possible_autumn = 0, null, credible * unauthorised_autumn)::varchar as unauthorised_autumn,
    if(is_annual or possible_spring = 0, null, credible * unauthorised_spring)::varchar as unauthorised_spring,
    if(is_annual or possible_summer = 0, null, credible * unauthorised_summer)::varchar as unauthorised_summer,
    if(is_annual or possible_sixth = 0, null, credible * unauthorised_sixth)::varchar as unauthorised_sixth,
    if(is_annual, credible * unauthorised_year, null)::varchar as unauthorised_annual,
    (credible * unauthorised_year)::varchar as unauthorised_year,
    (credible * (unauthorised_year + if(is_annual, 0, unauthorised_sixth)))::varchar as unauthorised_six,
    if(is_annual or possible_autumn = 0, null, credible * (authorised_autumn + unauthorised_autumn))::varchar as overall_autumn,
    if(is_annual or possible_spring = 0, null, credible * (authorised_spring + unauthorised_spring))::varchar as overall_spring,
    if(is_annual or possible_summer = 0, null, credible * (authorised_summer + unauthorised_summer))::varchar as overall_summer,
    if(is_annual or possible_sixth = 0, null, credible * (authorised_sixth + unauthorised_sixth))::varchar as overall_sixth,
    if(is_annual, credible * (authorised_year + unauthorised_year), null)::varchar as overall_annual,
    (credible * (authorised_year + unauthorised_year))::varchar as overall_year,
    (credible * (
        authorised_year
        + unauthorised_year
        + if(is_annual, 0, authorised_sixth + unauthorised_sixth)
    ))::varchar as overall_six,
    if(is_annual or possible_autumn = 0, null, credible * suspended_autumn)::varchar as reason_excluded_autumn,
    if(is_annual or possible_spring = 0, null, credible * suspended_spring)::varchar as reason_excluded_spring,
    if(is_annual or possible_summer = 0, null, credible * suspended_summer)::varchar as reason_excluded_summer,
    if(is_annual, suspended_autumn + suspended_spring + suspended_summer, null)::varchar
        as reason_excluded_annual,
from summed
inner join identifier on summed.child_number = identifier.child_number
inner join child on summed.child_number = child.child_number
order by summed.child_number, summed.enrolment, summed.copy;
