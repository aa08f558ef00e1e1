-- One round: the children whose next referral is due are referred, and it is decided
-- what comes of it.
create or replace temp table round_referral as
with facing as (
    select
        due.child_number,
        due.referral_date,
        due.plans_before,
        due.care_before,
        child.birth_date,
        child.adult_date,
        child.gender,
        child.care_factor as ethnic_care_factor,
        child.la_care_factor,
        child.la_plan_factor,
        child.is_disabled,
        child.is_seldom,
        age_on(child.birth_date, due.referral_date) as age,
        age_range.plan_factor,
        age_range.care_share,
        year_setting.*,
        year_care.care_factor as year_care_factor,
        draw(due.child_number, 'outcome', getvariable('round')) as u_outcome,
        if(
            child.is_seldom,
            1 / (year_setting.nfa_share + year_setting.not_in_need_share),
            setting('need_group_outcome_factor')
        ) as outcome_factor,
    from due
    inner join child on due.child_number = child.child_number
    inner join age_range on age_on(child.birth_date, due.referral_date) = age_range.age
    inner join year_setting
        on reporting_year_of(due.referral_date) = year_setting.reporting_year
    inner join year_care
        on year_setting.reporting_year = year_care.reporting_year
        and age_range.age_band = year_care.age_band
),

judged as (
    select
        *,
        case
            when u_outcome < nfa_share * outcome_factor then 'nfa'
            when is_seldom then 'not_in_need'
            when u_outcome < (nfa_share + not_in_need_share) * outcome_factor
                then 'not_in_need'
            else 'need'
        end as outcome,
    from facing
),

-- Help to a disabled child lasts for years more often than help to others.
with_length as (
    select
        *,
        if(
            outcome = 'need'
            and is_disabled
            and draw(child_number, 'long help', getvariable('round'))
            < setting('long_help_share'),
            'need_disabled',
            outcome
        ) as length_kind,
        draw(child_number, 'need length', getvariable('round')) as u_length,
    from judged
)

select
    with_length.*,
    least(
        with_length.referral_date
        + length_of(with_length.u_length, duration_range.curve),
        with_length.adult_date
    )::date as own_closure_date,
from with_length
inner join duration_range
    on with_length.length_kind = duration_range.what
    and falls_in(with_length.u_length, duration_range.u_from, duration_range.u_to);
