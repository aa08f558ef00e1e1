-- The offences of each occasion, one of them the main one. All others of a conviction
-- have no penalty of their own or a lesser one.
create or replace table offence as
with numbered as (
    select
        *,
        unnest(range(
            1,
            2 + least(8, count_draw(
                draw(child_number, 'more offences', occasion_number),
                setting('more_offences')
            ))
        ))::integer as offence_number,
    from occasion
    where decision_date <= getvariable('offences_last_day')
),

drawn as (
    select
        *,
        occasion_number * 10 + offence_number as draw_number,
        -- An offence that leads to contact with social care is more often a violent one:
        -- these groups come first.
        draw(child_number, 'offence group', draw_number)
        * if(leads_to_contact, setting('offence_before_contact_group'), 1)
        * violence_factor as position_of_group,
        draw(child_number, 'disposal', draw_number) as u_disposal,
        case
            when outcome = 'caution' and decision_date < date '2013-04-08' and age < 18
                then 'youth caution to 2013'
            when outcome = 'caution' and age < 18 then 'youth caution'
            when outcome = 'caution' then 'caution'
            when outcome = 'not guilty' then 'not guilty'
            when offence_number > 1 then 'lesser'
            when severity = 'custodial' and age >= 18 then 'custodial adult'
            when severity = 'custodial' then 'custodial youth'
            when age >= 18 then 'community adult'
            else 'community youth'
        end as stratum,
    from numbered
)

select
    drawn.child_number,
    drawn.occasion_number,
    drawn.offence_number,
    -- The offences of one occasion lie at most a few weeks apart.
    (drawn.offence_date + if(
        drawn.offence_number = 1,
        0,
        least(
            floor(15 * draw(drawn.child_number, 'offence day', drawn.draw_number)),
            drawn.decision_date - drawn.offence_date - 1
        )
    )::integer)::date as offence_date,
    drawn.decision_date,
    drawn.outcome,
    drawn.offence_number = 1 as is_primary,
    disposal.code as disposal_code,
    offence_group.code as offence_group,
    case
        when drawn.outcome = 'caution' then null
        when drawn.outcome = 'not guilty' then 'N'
        when draw(drawn.child_number, 'adjudication', drawn.draw_number) < 0.04
            then 'J'
        else 'G'
    end as adjudication_code,
    drawn.outcome = 'conviction'
    and draw(drawn.child_number, 'second disposal', drawn.draw_number)
    < setting('second_disposal_share') as has_second_disposal,
    -- The best rank known of an offence is not always 1.
    if(
        draw(drawn.child_number, 'rank of disposal', drawn.draw_number) < 0.05,
        2,
        1
    ) as first_rank,
from drawn
inner join choice_range as disposal
    on disposal.what = 'disposal'
    and drawn.stratum = disposal.stratum
    and falls_in(drawn.u_disposal, disposal.u_from, disposal.u_to)
inner join choice_range as offence_group
    on offence_group.what = 'offence_group'
    and falls_in(least(0.999999, drawn.position_of_group), offence_group.u_from, offence_group.u_to);
