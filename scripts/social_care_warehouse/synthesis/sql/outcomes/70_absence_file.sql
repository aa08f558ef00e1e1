-- The absence files as they are delivered: all text.
create or replace view absence_file as
with written as (
    select
        *,
        written_form(row_id, 'flag') as flag_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from absence_row
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
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    academic_year_text(summed.school_year, year_form) as academic_year,
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
    if(is_annual or possible_autumn = 0, null, possible_autumn)::varchar as possible_autumn,
    if(is_annual or possible_spring = 0, null, possible_spring)::varchar as possible_spring,
    if(is_annual or possible_summer = 0, null, possible_summer)::varchar as possible_summer,
    if(is_annual or possible_sixth = 0, null, possible_sixth)::varchar as possible_sixth,
    if(is_annual, possible_year, null)::varchar as possible_annual,
    (possible_year)::varchar as possible_year,
    (possible_year + if(is_annual, 0, possible_sixth))::varchar as possible_six,
    if(is_annual or possible_autumn = 0, null, authorised_autumn)::varchar as authorised_autumn,
    if(is_annual or possible_spring = 0, null, authorised_spring)::varchar as authorised_spring,
    if(is_annual or possible_summer = 0, null, authorised_summer)::varchar as authorised_summer,
    if(is_annual or possible_sixth = 0, null, authorised_sixth)::varchar as authorised_sixth,
    if(is_annual, authorised_year, null)::varchar as authorised_annual,
    (authorised_year)::varchar as authorised_year,
    (authorised_year + if(is_annual, 0, authorised_sixth))::varchar as authorised_six,
    if(is_annual or possible_autumn = 0, null, unauthorised_autumn)::varchar as unauthorised_autumn,
    if(is_annual or possible_spring = 0, null, unauthorised_spring)::varchar as unauthorised_spring,
    if(is_annual or possible_summer = 0, null, unauthorised_summer)::varchar as unauthorised_summer,
    if(is_annual or possible_sixth = 0, null, unauthorised_sixth)::varchar as unauthorised_sixth,
    if(is_annual, unauthorised_year, null)::varchar as unauthorised_annual,
    (unauthorised_year)::varchar as unauthorised_year,
    (unauthorised_year + if(is_annual, 0, unauthorised_sixth))::varchar as unauthorised_six,
    if(is_annual or possible_autumn = 0, null, authorised_autumn + unauthorised_autumn)::varchar as overall_autumn,
    if(is_annual or possible_spring = 0, null, authorised_spring + unauthorised_spring)::varchar as overall_spring,
    if(is_annual or possible_summer = 0, null, authorised_summer + unauthorised_summer)::varchar as overall_summer,
    if(is_annual or possible_sixth = 0, null, authorised_sixth + unauthorised_sixth)::varchar as overall_sixth,
    if(is_annual, authorised_year + unauthorised_year, null)::varchar as overall_annual,
    (authorised_year + unauthorised_year)::varchar as overall_year,
    (authorised_year + unauthorised_year + if(is_annual, 0, authorised_sixth + unauthorised_sixth))::varchar as overall_six,
    if(is_annual or possible_autumn = 0, null, suspended_autumn)::varchar as reason_excluded_autumn,
    if(is_annual or possible_spring = 0, null, suspended_spring)::varchar as reason_excluded_spring,
    if(is_annual or possible_summer = 0, null, suspended_summer)::varchar as reason_excluded_summer,
    if(is_annual, suspended_autumn + suspended_spring + suspended_summer, null)::varchar
        as reason_excluded_annual,
from summed
inner join identifier on summed.child_number = identifier.child_number
inner join child on summed.child_number = child.child_number
order by summed.child_number, summed.enrolment;
