-- Coming into care from a need episode. The route says how long it lasts and how it
-- ends.
create or replace temp table care_start as
with chosen as (
    select
        round_referral.child_number,
        round_referral.referral_date,
        round_referral.birth_date,
        round_referral.adult_date,
        round_referral.care_before,
        draw(round_referral.child_number, 'care delay', getvariable('round'))
            as u_delay,
    from round_referral
    where round_referral.outcome = 'need'
        and draw(round_referral.child_number, 'care', getvariable('round'))
        < round_referral.care_share
        * setting('care_share_factor')
        * round_referral.year_care_factor
        * round_referral.ethnic_care_factor
        * round_referral.la_care_factor
        * if(
            round_referral.gender = 'M',
            setting('male_care_factor'),
            2 - setting('male_care_factor')
        )
        * if(round_referral.care_before > 0, setting('re_care_factor'), 1)
)

select
    chosen.child_number,
    getvariable('round')::integer as referral_number,
    getvariable('round')::integer as draw_number,
    null::varchar as given_route,
    chosen.care_before + 1 as care_number,
    chosen.birth_date,
    chosen.adult_date,
    (
        chosen.referral_date + length_of(chosen.u_delay, delay.curve)
    )::date as period_start_date,
from chosen
inner join duration_range as delay
    on delay.what = 'care_delay'
    and falls_in(chosen.u_delay, delay.u_from, delay.u_to);
