-- The spring census as it is delivered, and the censuses of pupil referral units and of
-- alternative provision.
create or replace view every_census_file as
with struck as (
    select census_row.*, faults.kinds
    from census_row
    left join faults
        on census_row.row_id = faults.row_id
        and faults.dataset = 'census'
),

copied as (
    select *, 0 as copy from struck
    union all
    select *, 1 from struck where faulty(kinds, 'duplicate_row')
    union all
    select * replace ('S' as enrolment_status, urn + 1 as urn), 2
    from struck where faulty(kinds, 'duplicate_record')
)

select
    written.school_year,
    written.child_number,
    written.is_own_census,
    identifier.pupil_id,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    if(written.copy = 2, '101', '1') as record_status,
    academic_year_text(
        written.school_year - faulty(kinds, 'year_differs')::integer,
        year_form
    ) as academic_year,
    date_text(census_date, date_form) as census_date,
    'PLASC' as source_table,
    flag_text(true, flag_form) as on_roll,
    enrolment_status,
    if(faulty(kinds, 'unknown_year_group'), 'ZZ', nc_year) as nc_year,
    year_of_birth::varchar as year_of_birth,
    if(
        faulty(kinds, 'birth_differs'), 1 + month_of_birth % 12, month_of_birth
    )::varchar as month_of_birth,
    age_at_start::varchar as age_at_start,
    gender,
    ethnic_group,
    case ethnic_group
        when 'WHIT' then 'WBRI'
        when 'MIXD' then 'MOTH'
        when 'ASIA' then 'AIND'
        when 'BLAC' then 'BAFR'
        when 'CHIN' then 'CHNE'
        when 'AOEG' then 'OOTH'
        else 'NOBT'
    end as ethnic_group_minor,
    if(ethnic_group = 'WHIT', '1_ENG', '2_OTH') as language,
    flag_text(is_free_meals, flag_form) as free_meals,
    flag_text(written.last_free_year >= written.school_year - 5, flag_form)
        as free_meals_six_years,
    flag_text(written.last_free_year is not null, flag_form) as free_meals_ever,
    if(faulty(kinds, 'lower_case_code'), lower(sen_code) || ' ', sen_code) as sen_code,
    case
        when sen_code = 'N' then '1_NON'
        when sen_code in ('S', 'E') then '3_SS'
        else '2_SNS'
    end as sen_major,
    blank_text(sen_type, blank_form) as sen_type,
    if(
        getvariable('clean') or written.school_year > 2009,
        school_la_code,
        coalesce(school_area.la_code_until_2009, school_la_code)
    ) as school_la_code,
    school_area.la_nine_code as school_la_nine,
    case
        when faulty(kinds, 'home_missing') then blank_text(null, blank_form)
        when getvariable('clean') or written.school_year > 2009 then home_la_code::varchar
        else coalesce(home_area.la_code_until_2009, home_la_code)::varchar
    end as home_la_code,
    if(faulty(kinds, 'home_missing'), null, home_area.la_nine_code) as home_la_nine,
    urn::varchar as urn,
    'E01' || lpad(
        (
            area_rank_of(area_share, written.school_year) % 32000
            + home_la_code::integer * 3
        )::varchar,
        6,
        '0'
    ) as area,
    'E01' || lpad(
        (
            area_rank_of(area_share, written.school_year) % 32800
            + home_la_code::integer * 3
        )::varchar,
        6,
        '0'
    ) as area_2011,
    area_score_of(area_share)::varchar as area_score,
    area_rank_of(area_share, written.school_year)::varchar as area_rank,
    (1 + floor(10 * area_share))::integer::varchar as area_decile,
from (
    select
        *,
        written_form(row_id, 'date') as date_form,
        written_form(row_id, 'flag') as flag_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from copied
) as written
inner join identifier on written.child_number = identifier.child_number
inner join authority_code as school_area on written.school_la_code = school_area.la_code
inner join authority_code as home_area on written.home_la_code = home_area.la_code
order by written.child_number, written.copy;

create or replace view census_file as
select * from (from every_census_file where not is_own_census);

create or replace view referral_unit_file as
select * from (from every_census_file where is_own_census);

create or replace view ap_file as
select
    written.school_year,
    written.child_number,
    identifier.pupil_id,
    academic_year_text(written.school_year, year_form) as academic_year,
    flag_text(is_free_meals, flag_form) as free_meals,
    sen_code,
    la_code,
    ethnic_group,
    '1' as record_status,
from (
    select
        *,
        written_form(row_id, 'flag') as flag_form,
        written_form(row_id, 'year') as year_form,
    from ap_row
) as written
inner join identifier on written.child_number = identifier.child_number
order by written.child_number, written.school_year;
