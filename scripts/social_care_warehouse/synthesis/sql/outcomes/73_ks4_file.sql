-- The key stage 4 file as it is delivered. Which measure is filled in which year is in
-- the layout.
create or replace view ks4_file as
with struck as (
    select ks4_row.*, faults.kinds
    from ks4_row
    left join faults
        on ks4_row.row_id = faults.row_id
        and faults.dataset = 'ks4'
),

copied as (
    select *, 0 as copy from struck
    union all
    select * replace (
        points_capped * 0.5 as points_capped,
        attainment_8 * 0.5 as attainment_8,
        false as is_level_2_english_maths,
        false as is_level_2
    ), 1
    from struck where faulty(kinds, 'duplicate_of_school')
    union all
    select * replace (school_year + 1 as school_year), 2
    from struck
    where faulty(kinds, 'second_end') and school_year < getvariable('until')
)

select
    written.school_year,
    written.child_number,
    written.years_early,
    blank_text(identifier.moj_uid, blank_form) as moj_uid,
    identifier.pupil_id,
    academic_year_text(written.school_year, year_form) as academic_year,
    flag_text(is_end, flag_form) as endks,
    case
        when nc_year = 'X' then 'X'
        else (11 - years_early)::varchar
    end as nc_year,
    (written.school_year - cohort - 6)::varchar as year_by_age,
    case
        when copy = 1 then '2'
        when is_end then '0'
        else '5'
    end as norflage,
    flag_text(is_end, flag_form) as schres,
    flag_text(is_end and sector != 'independent', flag_form) as lares,
    flag_text(is_end and copy != 2, flag_form) as natres,
    flag_text(is_end and sector != 'independent', flag_form) as natmtdres,
    case sector
        when 'independent' then '25'
        when 'special' then '26'
        when 'referral unit' then '28'
        when 'alternative provision' then '29'
        else '21'
    end as nftype,
    school_la_code || school_number::varchar as laestab,
    (
        100000 + (hash(school_la_code, school_number) % 49999)::integer
    )::varchar as urn,
    year(birth_month)::varchar as year_of_birth,
    month(birth_month)::varchar as month_of_birth,
    written.gender,
    area_score_of(area_share)::varchar as area_score,
    flag_text(is_free_meals, flag_form) as free_meals,
    flag_text(is_free_meals, flag_form) as free_meals_six_years,
    flag_text(is_free_meals, flag_form) as free_meals_six_years_p,
    case
        when status like 'looked after%' then flag_text(true, flag_form)
    end as cla_six_months,
    case
        when status like 'looked after%'
            then flag_text(status = 'looked after twelve months', flag_form)
    end as cla_twelve_months,
    sen_code,
    flag_text(sen_code in ('P', 'S'), flag_form) as sen_ps,
    flag_text(sen_code = 'A', flag_form) as sen_a,
    flag_text(is_level_1 and share_taken, flag_form) as level_1,
    flag_text(is_level_1_english_maths and share_taken, flag_form) as level_1_em,
    flag_text(is_level_2 and share_taken, flag_form) as level_2,
    flag_text(is_level_2_english_maths and share_taken, flag_form) as level_2_em,
    flag_text(is_gcse_only and share_taken, flag_form) as gcse_only,
    flag_text(is_english_maths and share_taken, flag_form) as english_maths,
    flag_text(is_english_maths_5 and share_taken, flag_form) as english_maths_5,
    flag_text(is_ebacc and share_taken, flag_form) as ebacc,
    flag_text(is_any_pass, flag_form) as any_pass,
    (round(points_capped * if(is_end, 1.1, 0.15), 2))::varchar as points_total,
    if(
        faulty(kinds, 'unreadable_points'),
        'x',
        (round(points_capped * if(is_end, 1, 0.12), 2))::varchar
    ) as points,
    (round(attainment_8 * if(is_end, 1, 0.12), 2))::varchar as attainment_8,
    progress_8::varchar as progress_8,
from (
    select
        *,
        years_early = 0 as is_end,
        -- An early taker has one subject.
        years_early = 0 as share_taken,
        written_form(row_id, 'flag') as flag_form,
        written_form(row_id, 'blank') as blank_form,
        written_form(row_id, 'year') as year_form,
    from copied
) as written
inner join identifier on written.child_number = identifier.child_number
order by written.child_number, written.school_year, written.copy;
