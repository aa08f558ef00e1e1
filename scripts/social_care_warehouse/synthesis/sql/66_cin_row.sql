-- What was found in each assessment, for the release that shows it: every factor has
-- its own chance, larger where it is the child's primary need.
create or replace temp table assessment as
select
    referral.child_number,
    referral.referral_number,
    coalesce(
        string_agg(factor.code, ',' order by factor.line) filter (
            where draw(
                referral.child_number,
                'factor ' || factor.code,
                referral.referral_number
            )
            < if(
                referral.primary_need = factor.need_code,
                factor.share_for_need,
                factor.share
            )
        ),
        '21'
    ) as factors,
from referral
cross join (
    select *, row_number() over () as line from assessment_factor
) as factor
where getvariable('release') = 'all-episodes'
    and referral.outcome != 'nfa'
    and referral.closure_date >= date '2013-04-01'
group by referral.child_number, referral.referral_number;

-- The columns of the extract. A plan shows in the years in which it was open, as far as
-- they have the column.
create or replace table cin_row as
with planned as (
    select
        sighting.*,
        plan.plan_number,
        plan.plan_start_date,
        if(plan.plan_end_date <= sighting.last_day, plan.plan_end_date, null)
            as plan_end_date,
        plan.initial_abuse,
        plan.latest_abuse,
    from cin_sighting as sighting
    left join plan
        on sighting.child_number = plan.child_number
        and sighting.referral_number = plan.referral_number
        and plan.plan_start_date <= sighting.last_day
        and plan.plan_end_date >= sighting.first_day
)

select
    planned.child_number,
    planned.referral_number,
    planned.reporting_year,
    hash(planned.child_number, planned.referral_number, planned.reporting_year) >> 2
        as row_id,
    planned.referral_date >= planned.first_day as is_first_copy,
    planned.outcome,
    if(planned.is_reference_missing, null, identifier.moj_uid) as moj_uid,
    if(planned.is_reference_missing, null, identifier.second_moj_uid) as second_moj_uid,
    planned.academic_year,
    if(planned.is_reference_missing, null, identifier.pupil_id) as pupil_id,
    if(
        shows('CIN_ReferralNFA', planned.reporting_year),
        planned.outcome = 'nfa',
        null
    ) as is_nfa,
    -- A child still being assessed on the day counts as in need, whatever is found.
    planned.outcome != 'nfa' and planned.closure_date > planned.last_day as is_open,
    if(shows('CIN_CategoryOfAbuse', planned.reporting_year), planned.latest_abuse, null)
        as abuse,
    if(
        shows('CIN_InitialCategoryOfAbuse', planned.reporting_year),
        planned.initial_abuse,
        null
    ) as initial_abuse,
    if(
        shows('CIN_LatestCategoryOfAbuse', planned.reporting_year),
        planned.latest_abuse,
        null
    ) as latest_abuse,
    if(
        shows('CIN_NumberOfPreviousCPP', planned.reporting_year),
        planned.plan_number - 1,
        null
    )::varchar as previous_plans,
    if(
        planned.outcome = 'nfa'
        and draw(planned.child_number, 'need on nfa', planned.referral_number)
        >= setting('need_code_on_nfa_share'),
        null,
        planned.primary_need
    ) as primary_need,
    if(
        shows('CIN_ReasonForClosure', planned.reporting_year)
        and planned.closure_date <= planned.last_day,
        planned.closure_reason,
        null
    ) as closure_reason,
    planned.referral_date,
    if(
        shows('CIN_CINClosureDate', planned.reporting_year)
        and planned.closure_date <= planned.last_day,
        planned.closure_date,
        null
    ) as closure_date,
    if(shows('CIN_CPPstartDate', planned.reporting_year), planned.plan_start_date, null)
        as plan_start_date,
    if(shows('CIN_CPPendDate', planned.reporting_year), planned.plan_end_date, null)
        as plan_end_date,
    if(
        shows('CIN_ReferralSource', planned.reporting_year),
        planned.referral_source,
        null
    ) as referral_source,
    if(
        shows('CIN_AssessmentFactors', planned.reporting_year),
        assessment.factors,
        null
    ) as assessment_factors,
    coalesce(later_range.later_code, planned.la_code) as la_code,
    if(planned.reporting_year <= 2009, la_range.la_code_until_2009, null)
        as old_la_code,
from planned
inner join identifier on planned.child_number = identifier.child_number
inner join la_range on planned.la_code = la_range.la_code
left join later_range
    on planned.la_code = later_range.la_code
    and planned.reporting_year >= later_range.first_year
    and falls_in(
        draw(planned.child_number, 'later authority', 0),
        later_range.u_from,
        later_range.u_to
    )
left join assessment
    on planned.child_number = assessment.child_number
    and planned.referral_number = assessment.referral_number;
