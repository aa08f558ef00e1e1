-- The children looked after file as it is delivered: all text, in the spelling of the
-- extract.
create or replace table cla_file as
with struck_rows as (
    select
        cla_row.* replace (
            if(cla_dirt.old_authority, cla_row.old_la_code, cla_row.la_code) as la_code
        ),
        cla_dirt.* exclude (
            row_id, child_number, reporting_year, episode_number, second_moj_uid
        ),
        cla_dirt.second_moj_uid as shows_second_moj_uid,
    from cla_row
    inner join cla_dirt on cla_row.row_id = cla_dirt.row_id
),

-- The same row twice, and the same row again from the authority that the child moved
-- to.
copied as (
    select *, 0 as copy from struck_rows
    union all
    select *, 1 from struck_rows where duplicate_row
    union all
    select struck_rows.* replace (other.next_code as la_code), 2
    from struck_rows
    inner join neighbour as other on struck_rows.la_code = other.la_code
    where two_authorities
),

changed as (
    select
        * replace (
            if(shows_second_moj_uid, second_moj_uid, moj_uid) as moj_uid,
            if(period_start_early, period_start_date - 400, period_start_date)::date
                as period_start_date,
            case
                when placeholder_date then date '1900-01-01'
                else episode_start_date
            end as episode_start_date,
            case
                when end_before_start then episode_start_date - 20
                when end_after_31_march then later_end_date
                else episode_end_date
            end::date as episode_end_date,
            if(bad_legal_status, 'ZZ', legal_status) as legal_status,
            if(bad_placement, 'ZZ', placement) as placement,
            if(bad_reason, 'ZZ', reason_ceased) as reason_ceased
        ),
        if(lower_case_code, ' ', '') as after_code,
    from copied
)

select
    child_number,
    reporting_year,
    episode_number,
    copy,
    blank_text(moj_uid, blank_form) as "MoJUID",
    academic_year_text(reporting_year, year_form) as "CLA_ACADYR",
    blank_text(pupil_id, blank_form) as "CLA_PupilMatchingRefAnonymous",
    processing_year as "CLA_PROCESSING_YEAR",
    if(unreadable_date, '31/02/2010', date_text(period_start_date, date_form))
        as "CLA_POC_START",
    flag_text(is_open, flag_form) as "CLA_CLA_31_MARCH",
    poc_length as "CLA_POC_LENGTH",
    if(lower_case_code, lower(care_need), care_need) || after_code as "CLA_CAT_NEED",
    date_text(episode_start_date, date_form) as "CLA_DATE_EPI_COMM",
    blank_text(date_text(episode_end_date, date_form), blank_form)
        as "CLA_DATE_EPI_CEASED",
    if(lower_case_code, lower(legal_status), legal_status) || after_code
        as "CLA_LEGAL_STATUS",
    if(lower_case_code, lower(placement), placement) || after_code as "CLA_PLACEMENT",
    reason_ceased as "CLA_REC",
    blank_text(place_change_reason, blank_form) as "CLA_REASON_PLACE_CHANGE",
    episode_index as "CLA_EPI_IDX",
    flag_text(is_six_months, flag_form) as "CLA_CLA_6_MONTHS",
    flag_text(is_twelve_months, flag_form) as "CLA_CLA_12_MONTHS",
    flag_text(is_school_age_six_months, flag_form) as "CLA_CLA_PP_6_MONTHS",
    flag_text(is_school_age_one_day, flag_form) as "CLA_CLA_PP_1_DAY",
    la_code as "CLA_CLA_LA",
    reason_new_episode || if(new_episode_space, ' ', '') as "CLA_RNE",
from changed;
