-- The children in need file as it is delivered.
create or replace table cin_file as
with struck_rows as (
    select
        cin_row.* replace (
            if(cin_dirt.old_authority, cin_row.old_la_code, cin_row.la_code) as la_code
        ),
        cin_dirt.* exclude (
            row_id, child_number, reporting_year, referral_number, second_moj_uid
        ),
        cin_dirt.second_moj_uid as shows_second_moj_uid,
    from cin_row
    inner join cin_dirt on cin_row.row_id = cin_dirt.row_id
),

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
            case
                when need_code_unmapped then 'UnmappedNeedCode'
                when need_code_letter_o then 'NO'
                when later_copy_drifts then if(primary_need = 'N5', 'N1', 'N5')
                when need_code_a then 'A' || right(primary_need, 1)
                when need_code_lower then lower(primary_need) || ' '
                else primary_need
            end as primary_need,
            case
                when closure_nfa then 'NFA'
                when closure_none then 'NONE'
                when closure_unlisted then 'UNKN'
                when closure_lower then lower(closure_reason)
                else closure_reason
            end as closure_reason,
            if(source_unlisted, 'PR', referral_source) as referral_source,
            is_nfa or later_copy_nfa as is_nfa,
            if(bad_abuse, 'ZZ', initial_abuse) as initial_abuse,
            if(closure_before_referral, referral_date - 15, closure_date)::date
                as closure_date,
            if(placeholder_date, date '1900-01-01', referral_date) as referral_date
        ),
    from copied
)

select
    child_number,
    reporting_year,
    referral_number,
    copy,
    blank_text(moj_uid, blank_form) as "MoJUID",
    academic_year_text(reporting_year, year_form) as "CIN_ACADYR",
    blank_text(pupil_id, blank_form) as "CIN_PupilMatchingRefAnonymous",
    if(is_nfa is null, blank_text(null, blank_form), flag_text(is_nfa, flag_form))
        as "CIN_ReferralNFA",
    flag_text(is_open, flag_form) as "CIN_CINat31March",
    blank_text(abuse, blank_form) as "CIN_CategoryOfAbuse",
    blank_text(initial_abuse, blank_form) as "CIN_InitialCategoryOfAbuse",
    blank_text(latest_abuse, blank_form) as "CIN_LatestCategoryOfAbuse",
    blank_text(previous_plans, blank_form) as "CIN_NumberOfPreviousCPP",
    blank_text(primary_need, blank_form) as "CIN_PrimaryNeedCode",
    blank_text(closure_reason, blank_form) as "CIN_ReasonForClosure",
    blank_text(null, blank_form) as "CIN_AgeStartOfCINPeriod",
    blank_text(null, blank_form) as "CIN_AgeEndOfCINPeriod",
    if(unreadable_date, '31/02/2010', date_text(referral_date, date_form))
        as "CIN_ReferralDate",
    blank_text(date_text(closure_date, date_form), blank_form) as "CIN_CINClosureDate",
    blank_text(date_text(plan_start_date, date_form), blank_form) as "CIN_CPPstartDate",
    blank_text(date_text(plan_end_date, date_form), blank_form) as "CIN_CPPendDate",
    blank_text(referral_source, blank_form) as "CIN_ReferralSource",
    la_code as "CIN_LA",
    blank_text(assessment_factors, blank_form) as "CIN_AssessmentFactors",
from changed;
