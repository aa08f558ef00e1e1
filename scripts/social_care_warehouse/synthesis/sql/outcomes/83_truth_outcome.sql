-- The outcomes of each pupil under the names of the mart: what happened in the life, as
-- far as the extracts show it. NULL is not observed, 0 is observed none.
create or replace macro order_of(contact_date, justice_date, is_observed) as (
    case
        when justice_date is not null and contact_date is null then 'justice only'
        when justice_date < contact_date then 'justice first'
        when justice_date >= (contact_date + interval 1 year)::date
            then 'social care first by a year or more'
        when justice_date > contact_date then 'social care first by less than a year'
        when justice_date is not null then 'same day or not determined'
        when is_observed and contact_date is not null then 'social care only'
        when is_observed then 'neither'
    end
);

create or replace table outcome_truth as
with joined as (
    select
        identifier.pupil_id,
        person_truth.child_number,
        person_truth.visible_highest_intervention,
        person_truth.is_highest_observable,
        ks4_result.school_year as ks4_year,
        ks4_result.is_level_2_english_maths,
        if(
            ks4_result.school_year <= 2016,
            ks4_result.points_capped,
            ks4_result.attainment_8
        ) as ks4_points,
        ks4_result.is_free_meals as is_ks4_free_meals,
        schooling_truth.* exclude (child_number),
        permanent_truth.first_permanent_exclusion_date,
        home_truth.* exclude (child_number),
        justice_truth.* exclude (child_number),
        contact_truth.* exclude (child_number),
        age_on(trait.birth_month, getvariable('offences_last_day'))::integer
            as justice_observed_to_age,
        trait.birth_month + interval 10 year >= getvariable('offences_first_day')
            as is_followed_from_10,
    from person_truth
    inner join identifier on person_truth.child_number = identifier.child_number
    inner join pupil_trait as trait on person_truth.child_number = trait.child_number
    left join ks4_result on person_truth.child_number = ks4_result.child_number
    left join schooling_truth on person_truth.child_number = schooling_truth.child_number
    left join permanent_truth on person_truth.child_number = permanent_truth.child_number
    left join home_truth on person_truth.child_number = home_truth.child_number
    left join justice_truth on person_truth.child_number = justice_truth.child_number
    left join contact_truth on person_truth.child_number = contact_truth.child_number
),

observed as (
    select
        *,
        is_followed_from_10 and justice_observed_to_age >= 10 as is_none_known,
        -- The level that the extracts show. Care by remand alone gives way to the next.
        case
            when visible_highest_intervention = 'child looked after'
            and care_date is not null then 'care'
            when visible_highest_intervention
            in ('child looked after', 'child protection plan')
            and plan_date is not null then 'plan'
            when visible_highest_intervention
            in ('child looked after', 'child protection plan', 'child in need')
            and need_date is not null then 'need'
            when visible_highest_intervention != 'no social care contact'
            and referral_date is not null then 'referral'
        end as contact_level,
    from joined
),

levelled as (
    select
        *,
        case contact_level
            when 'care' then care_date
            when 'plan' then plan_date
            when 'need' then need_date
            when 'referral' then referral_date
        end as contact_date,
        is_highest_observable
        and case contact_level
            when 'care' then is_care_shown
            when 'plan' then is_plan_shown
            when 'need' then is_need_shown
            when 'referral' then is_referral_shown
            else true
        end
        -- A remand that the record holds without the levels below it.
        and not (
            visible_highest_intervention = 'child looked after'
            and care_date is null
            and not (is_plan_shown and is_need_shown and is_referral_shown)
        ) as is_contact_order_observable,
    from observed
)

select
    pupil_id,
    child_number,
    if(ks4_year is null, null, school_year_text(ks4_year)) as ks4_academic_year,
    case
        when ks4_year <= 2013 then 'A'
        when ks4_year = 2014 then 'B'
        when ks4_year <= 2016 then 'C'
        when ks4_year is not null then 'D'
    end as ks4_regime,
    is_level_2_english_maths as ks4_level_2_english_maths,
    ks4_year,
    ks4_points,
    unauthorised_sessions_secondary,
    sessions_possible_secondary,
    coalesce(n_secondary_years_observed, 0) as n_secondary_years_observed,
    suspension_sessions_secondary,
    n_suspensions_secondary,
    coalesce(n_secondary_years_suspensions_observed, 0)
        as n_secondary_years_suspensions_observed,
    n_permanent_exclusions > 0 as is_permanently_excluded,
    n_permanent_exclusions,
    first_permanent_exclusion_date,
    case
        when n_convictions >= 2 then 'two or more'
        when n_convictions = 1 then 'one'
        when is_none_known then 'none'
    end as convictions_band,
    coalesce(nullif(n_convictions, 0), if(is_none_known, 0, null)) as n_convictions,
    coalesce(nullif(n_cautions, 0), if(is_none_known, 0, null)) as n_cautions,
    case
        when highest_disposal_rank = 3 then 'custodial'
        when highest_disposal_rank = 2 then 'non-custodial'
        when highest_disposal_rank = 1 then 'caution'
        when is_none_known then 'none'
    end as highest_disposal,
    coalesce(highest_disposal_rank, if(is_none_known, 0, null))::integer
        as highest_disposal_rank,
    first_offence_date,
    first_offence_age,
    first_conviction_date,
    order_of(contact_date, first_offence_date, is_none_known) as contact_order,
    order_of(referral_date, first_offence_date, is_none_known) as contact_order_referral,
    order_of(need_date, first_offence_date, is_none_known) as contact_order_need,
    order_of(plan_date, first_offence_date, is_none_known) as contact_order_plan,
    order_of(care_date, first_offence_date, is_none_known) as contact_order_care,
    (first_offence_date - contact_date)::integer as days_social_care_to_offence,
    contact_date <= if(
        contact_level = 'care',
        getvariable('care_first_year_end'),
        getvariable('need_first_year_end')
    ) as is_first_contact_uncertain,
    justice_observed_to_age,
    is_followed_from_10 and justice_observed_to_age >= 18 as is_justice_10_17_complete,
    home_la_at_15,
    age_in_census_at_15,
    area_school_year,
    area_rank,
    area_decile_seen,
    area_decile_year,
    coalesce(
        is_ever_fsm or if(ks4_year >= 2007, is_ks4_free_meals, null),
        is_ever_fsm,
        if(ks4_year >= 2007, is_ks4_free_meals, null)
    ) as is_ever_fsm,
    sen_at_15,
    coalesce(is_contact_order_observable, false) as is_contact_order_observable,
    is_referral_shown as is_contact_order_referral_observable,
    is_need_shown as is_contact_order_need_observable,
    is_plan_shown as is_contact_order_plan_observable,
    is_care_shown as is_contact_order_care_observable,
from levelled
order by child_number;
