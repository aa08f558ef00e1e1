-- Who is referred again, and when. An adopted child begins a new life under another
-- reference.
create or replace table due as
with again as (
    select
        *,
        draw(child_number, 'referred again when', getvariable('round')) as u_gap,
    from round_closed
    where coalesce(end_reason, '') not in ('E11', 'E12', 'E2')
        and draw(child_number, 'referred again', getvariable('round'))
        < if(
            is_seldom,
            setting('re_referral_share_seldom'),
            setting('re_referral_share')
        )
        * re_referral_factor
),

dated as (
    select
        again.child_number,
        (
            again.closure_date + greatest(1, length_of(again.u_gap, gap.curve))
        )::date as referral_date,
        again.adult_date,
        coalesce(again.plan_number, again.plans_before) as plans_before,
        coalesce(again.care_number, again.care_before) as care_before,
    from again
    inner join duration_range as gap
        on gap.what = 're_referral'
        and falls_in(again.u_gap, gap.u_from, gap.u_to)
)

select
    child_number,
    referral_date,
    plans_before,
    care_before,
from dated
where referral_date < adult_date
    and referral_date <= getvariable('last_day');
