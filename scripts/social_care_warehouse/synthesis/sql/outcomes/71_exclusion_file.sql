-- The exclusion files as they are delivered: all text. These names and further reasons are
-- the same in the files with one row per pupil and with one row per exclusion.
create or replace macro category_name(category, school_year) as (
    if(school_year >= 2021 and category = 'FIXD', 'SUSP', category)
);

create or replace macro second_reason(reason, number) as (
    if(number % 4 = 0 and reason != 'DB', 'DB', null)
);

create or replace macro third_reason(reason, number) as (
    if(number % 16 = 0 and reason not in ('DB', 'VA'), 'VA', null)
);

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
    from (
        select early_exclusion_row.*, 0 as copy from early_exclusion_row
        union all
        select early_exclusion_row.*, 1
        from early_exclusion_row
        inner join faults
            on early_exclusion_row.row_id = faults.row_id
            and faults.dataset = 'exclusion_early'
            and faulty(faults.kinds, 'duplicate_row')
    )
) as early
inner join identifier on early.child_number = identifier.child_number
order by early.child_number, early.event_number, early.copy;

create or replace view exclusion_file as
with matched as (
    select
        exclusion_row.*,
        faults.kinds,
        faulty(faults.kinds, 'full_groups') as is_full,
    from exclusion_row
    left join faults
        on exclusion_row.row_id = faults.row_id
        and faults.dataset = 'exclusion'
),

-- More exclusions than the file has groups of columns: only the totals show them all.
struck as (
    select * replace (
        if(is_full, 44, n_fixed) as n_fixed,
        if(is_full, 44, fixed_sessions) as fixed_sessions,
        if(is_full, list_transform(range(44), lambda n: 'FIXD'), categories)
            as categories,
        if(is_full, list_transform(range(44), lambda n: 'DB'), reasons) as reasons,
        if(
            is_full,
            list_transform(
                range(44),
                lambda n: (make_date(school_year - 1, 9, 10) + n::integer)::date
            ),
            start_dates
        ) as start_dates,
        if(is_full, list_transform(range(44), lambda n: 1), sessions) as sessions,
        if(is_full, list_transform(range(44), lambda n: 'Autumn'), terms) as terms
    )
    from matched
)

select
    written.school_year,
    written.child_number,
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    academic_year_text(written.school_year, year_form) as academic_year,
    academic_year_text(
        written.school_year + faulty(kinds, 'reported_late')::integer,
        year_form
    ) as reporting_year,
    'SYN' as consent,
    'SYN' as travel,
    (n_fixed + faulty(kinds, 'total_differs')::integer)::varchar as n_fixed,
    fixed_sessions::varchar as fixed_sessions,
    (n_permanent > 0)::integer::varchar as permanent_indicator,
    n_permanent::varchar as n_permanent,
    '1' as n_enrolments,
    list_transform(
        categories,
        lambda category: if(
            faulty(kinds, 'lower_case_code'),
            lower(category) || ' ',
            category_name(category, written.school_year)
        )
    ) as categories,
    if(faulty(kinds, 'unknown_reason'), ['ZZ'] || reasons[2:], reasons) as reasons,
    reasons as reasons_a,
    list_transform(reasons, lambda reason, n: second_reason(reason, row_id + n))
        as reasons_b,
    list_transform(reasons, lambda reason, n: third_reason(reason, row_id + n))
        as reasons_c,
    list_transform(
        start_dates,
        lambda day, n: date_text(
            (day - if(n = 1 and faulty(kinds, 'start_outside_year'), 400, 0))::date,
            date_form
        )
    ) as start_dates,
    list_transform(
        sessions,
        lambda length, n: if(
            n = 1 and length is not null and faulty(kinds, 'over_legal_sessions'),
            120,
            length
        )::varchar
    ) as sessions,
    if(faulty(kinds, 'start_outside_year'), ['Invalid'] || terms[2:], terms) as terms,
    list_transform(categories, lambda category: nc_year) as nc_years,
    list_transform(categories, lambda category: sen_code) as sen_codes,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from (
        select struck.*, 0 as copy from struck
        union all
        select struck.*, 1 from struck where faulty(kinds, 'duplicate_row')
    )
) as written
inner join identifier on written.child_number = identifier.child_number
order by written.child_number, written.copy;

-- Table 1: a row for each exclusion. A further permanent exclusion of a pupil at the same
-- school is marked as a duplicate.
create or replace view exclusion_single_file as
with struck as (
    select
        single_exclusion_row.*,
        faults.kinds,
        further.kinds as further_kinds,
    from single_exclusion_row
    left join faults
        on single_exclusion_row.row_id = faults.row_id
        and faults.dataset = 'exclusion_single'
    left join faults as further
        on single_exclusion_row.row_id = further.row_id
        and further.dataset = 'exclusion_permanent'
)

select
    written.school_year,
    written.child_number,
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    academic_year_text(written.school_year, year_form) as academic_year,
    academic_year_text(
        written.school_year + faulty(kinds, 'reported_late')::integer,
        year_form
    ) as reporting_year,
    term,
    category_name(category, written.school_year) as category,
    date_text(start_date, date_form) as start_date,
    if(sessions is null, blank_text(null, blank_form), sessions::varchar) as sessions,
    reason,
    second_reason(reason, row_id) as reason_b,
    third_reason(reason, row_id) as reason_c,
    flag_text(copy = 2, flag_form) as permanent_duplicate,
    if(enrolment_kind = 'dual', 'M', 'C') as enrolment_status,
    nc_year,
    sen_code,
    school_la_code as la_code,
    school_la_code || school_number::varchar as laestab,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'flag') as flag_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from (
        select struck.*, 0 as copy from struck
        union all
        select struck.*, 1 from struck where faulty(kinds, 'duplicate_row')
        union all
        select struck.* replace (struck.start_date + 5 as start_date), 2
        from struck
        where faulty(further_kinds, 'permanent_duplicate')
    )
) as written
inner join identifier on written.child_number = identifier.child_number
order by written.child_number, written.event_number, written.copy;
