-- The case closes when its own help, its plan and its care are all over. Then comes, or
-- not, a new one.
create or replace temp table round_closed as
with joined as (
    select
        round_referral.*,
        round_plan.plan_number,
        round_plan.plan_end_date,
        round_care.care_number,
        round_care.period_end_date,
        round_care.end_reason,
        draw(round_referral.child_number, 'after care', getvariable('round'))
            as u_after,
    from round_referral
    left join round_plan on round_referral.child_number = round_plan.child_number
    left join round_care on round_referral.child_number = round_care.child_number
)

select
    joined.*,
    if(
        joined.plan_number is null and joined.care_number is null,
        joined.own_closure_date,
        least(
            greatest(
                joined.own_closure_date,
                greatest(joined.plan_end_date, joined.period_end_date)
                + length_of(joined.u_after, later.curve)
            ),
            joined.adult_date
        )::date
    ) as closure_date,
from joined
inner join duration_range as later
    on later.what = 'after_care'
    and falls_in(joined.u_after, later.u_from, later.u_to);

insert into referral
select
    closed.child_number,
    getvariable('round')::integer,
    closed.referral_date,
    closed.outcome,
    closed.closure_date,
    case
        when closed.outcome = 'nfa' then null
        when closed.outcome = 'not_in_need' then 'RC8'
        when closed.end_reason in ('E11', 'E12') then 'RC1'
        when closed.end_reason = 'E2' then 'RC2'
        when closed.end_reason = 'E41' then 'RC3'
        when closed.end_reason in ('E43', 'E44') then 'RC4'
        else closure.code
    end,
    need.code,
    source.code,
from round_closed as closed
inner join choice_range as closure
    on closure.what = 'closure'
    and if(closed.closure_date >= closed.adult_date, 'at 18', 'usual') = closure.stratum
    and falls_in(
        draw(closed.child_number, 'closure', getvariable('round')),
        closure.u_from,
        closure.u_to
    )
inner join choice_range as need
    on need.what = 'primary_need'
    and case
        when closed.plan_number is not null then 'plan'
        when closed.length_kind = 'need_disabled' then 'disabled'
        else 'usual'
    end = need.stratum
    and falls_in(
        draw(closed.child_number, 'primary need', getvariable('round')),
        need.u_from,
        need.u_to
    )
inner join choice_range as source
    on source.what = 'referral_source'
    and falls_in(
        draw(closed.child_number, 'referral source', getvariable('round')),
        source.u_from,
        source.u_to
    );

insert into plan
select
    child_number,
    getvariable('round')::integer,
    plan_number,
    plan_start_date,
    plan_end_date,
    initial_abuse,
    latest_abuse,
from round_plan;

insert into care_period
select * from round_care;
