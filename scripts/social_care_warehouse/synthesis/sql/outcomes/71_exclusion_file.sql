-- The exclusion files as they are delivered: all text.
create or replace view exclusion_early_file as
select
    early.school_year,
    early.child_number,
    early.event_number,
    date_text(make_date(early.school_year, 1, 16), date_form) as census_date,
    'Spring' as collection,
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    early.gender,
    date_text(early.start_date, date_form) as start_date,
    if(early.school_year = 2005, 'Permanent', 'P') as permanent,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'blank') as blank_form,
    from early_exclusion_row
) as early
inner join identifier on early.child_number = identifier.child_number
order by early.child_number, early.event_number;

create or replace view exclusion_file as
select
    written.school_year,
    written.child_number,
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    academic_year_text(written.school_year, year_form) as academic_year,
    academic_year_text(written.school_year, year_form) as reporting_year,
    'SYN' as consent,
    'SYN' as travel,
    n_fixed::varchar as n_fixed,
    fixed_sessions::varchar as fixed_sessions,
    (n_permanent > 0)::integer::varchar as permanent_indicator,
    n_permanent::varchar as n_permanent,
    '1' as n_enrolments,
    list_transform(
        categories,
        lambda category: if(written.school_year >= 2021 and category = 'FIXD', 'SUSP', category)
    ) as categories,
    reasons,
    reasons as reasons_a,
    list_transform(
        reasons,
        lambda reason, n: if((row_id + n) % 4 = 0 and reason != 'DB', 'DB', null)
    ) as reasons_b,
    list_transform(
        reasons,
        lambda reason, n: if((row_id + n) % 16 = 0 and reason not in ('DB', 'VA'), 'VA', null)
    ) as reasons_c,
    list_transform(start_dates, lambda day: date_text(day, date_form)) as start_dates,
    list_transform(sessions, lambda n: n::varchar) as sessions,
    terms,
    list_transform(categories, lambda category: nc_year) as nc_years,
    list_transform(categories, lambda category: sen_code) as sen_codes,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from exclusion_row
) as written
inner join identifier on written.child_number = identifier.child_number
order by written.child_number;
