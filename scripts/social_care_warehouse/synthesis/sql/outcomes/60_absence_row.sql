-- The rows of the absence files. Special schools gave one number for the year up to
-- 2015/16 and no terms. Pupil referral units are in them from 2013/14.
create or replace table absence_row as
select
    attendance.child_number,
    attendance.school_year,
    attendance.enrolment,
    hash(attendance.child_number, attendance.school_year, attendance.enrolment) >> 2
        as row_id,
    attendance.enrolment = 1 as is_main_record,
    case
        when pupil_year.enrolment_kind != 'dual' then 'C'
        when attendance.enrolment = 1 then 'M'
        else 'S'
    end as enrolment_status,
    pupil_year.nc_year,
    pupil_year.school_la_code as la_code,
    pupil_year.school_la_code || if(
        attendance.enrolment = 1,
        pupil_year.school_number,
        pupil_year.other_school_number + 100
    )::varchar as laestab,
    case
        when pupil_year.sector = 'special' then 'SP'
        when pupil_year.sector = 'referral unit' then 'PR'
        when pupil_year.year_group <= 6 then 'PS'
        else 'SS'
    end as phase,
    pupil_year.age_at_start,
    pupil_year.is_free_meals,
    pupil_year.sen_code,
    pupil_year.area_share,
    pupil_year.sector = 'special' and attendance.school_year <= 2015 + 1 as is_annual,
    attendance.* exclude (child_number, school_year, enrolment),
from attendance
inner join pupil_year
    on attendance.child_number = pupil_year.child_number
    and attendance.school_year = pupil_year.school_year
where attendance.school_year >= getvariable('absence_first_year')
    -- 2019/20 was not shared.
    and attendance.school_year != 2020
    and (pupil_year.sector != 'referral unit' or attendance.school_year >= 2014)
    -- In 2005/06 only secondary and special schools made the return.
    and (
        attendance.school_year > 2006
        or pupil_year.year_group >= 7
        or pupil_year.sector = 'special'
    );
