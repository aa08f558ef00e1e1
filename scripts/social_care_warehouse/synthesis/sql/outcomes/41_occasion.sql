-- Cautions and court appearances, one row each, with one or more offences. The first
-- ones mostly end in a caution; custody comes after many, or after a grave one.
create or replace table occasion as
with numbered as (
    select
        *,
        unnest(range(
            0,
            1 + least(40, count_draw(
                draw(child_number, 'more occasions', 0),
                setting('more_occasions') * more_occasions * (0.6 + 0.4 * least(conduct, 4))
                -- A few have many more than others who are like them.
                * (0.3 + 0.7 * uneven_factor(draw(child_number, 'many occasions', 0), 1.2))
            ))
        ))::integer as step,
    from first_offence
),

-- Each later one comes some months after the one before, sooner where there are many.
dated as (
    select
        *,
        (first_offence_date + sum(
            if(
                step = 0,
                0,
                5 + floor(
                    -ln(1 - draw(child_number, 'until next', step))
                    * 300 / (0.6 + 0.4 * more_occasions)
                )::integer
            )
        ) over (partition by child_number order by step)::integer)::date as offence_date,
    from numbered
),

with_remand as (
    select
        child_number, birth_month, gender, custody_factor, adult_custody_factor,
        violence_factor, step, offence_date,
        false as is_remand,
        is_before_contact,
    from dated
    union all
    select
        child_number, birth_month, gender, custody_factor, adult_custody_factor,
        violence_factor, 99,
        (remand_date - 3 - floor(20 * draw(child_number, 'before remand', 0))::integer)::date,
        true,
        false,
    from first_offence
    where remand_date is not null
),

ordered as (
    select
        *,
        -- The extracts give no day of birth, so ages count from the first of the month.
        age_on(birth_month, offence_date) as age,
        row_number() over (
            partition by child_number
            order by offence_date, step
        )::integer as occasion_number,
        draw(child_number, 'outcome of occasion', step) as u_outcome,
    from with_remand
),

-- Reprimands, final warnings and youth cautions before 18, cautions after.
decided as (
    select
        *,
        case
            when not is_remand
            and u_outcome < case
                when is_before_contact and step = 0
                    then setting('offence_before_contact_caution')
                when occasion_number = 1 and age < 18 then 0.66
                when occasion_number = 1 then 0.42
                when occasion_number = 2 and age < 18 then 0.40
                when occasion_number = 2 then 0.22
                else 0.10
            end then 'caution'
            when u_outcome > 1 - setting('not_guilty_share') then 'not guilty'
            else 'conviction'
        end as outcome,
        draw(child_number, 'custody', step)
        < least(
            0.5,
            custody_factor
            * if(age >= 18, adult_custody_factor, 1)
            * if(is_remand, 6, 1)
            * (0.013 + 0.013 * least(occasion_number - 1, 10))
            * if(age < 15, 0.4, if(age < 18, 1.45, 8.5))
            * if(gender = 'M', 1, 0.06)
        ) as is_custody,
    from ordered
)

select
    child_number,
    occasion_number,
    offence_date,
    age,
    outcome,
    is_before_contact and step = 0 as leads_to_contact,
    violence_factor,
    case
        when outcome = 'caution' then 'caution'
        when outcome = 'not guilty' then 'none'
        when is_custody then 'custodial'
        else 'non-custodial'
    end as severity,
    (offence_date + if(
        outcome = 'caution',
        5 + floor(50 * draw(child_number, 'until decision', step)),
        20 + floor(200 * draw(child_number, 'until decision', step))
    )::integer)::date as decision_date,
from decided
where offence_date >= getvariable('offences_first_day')
    and age >= 10
    and age < 40;
