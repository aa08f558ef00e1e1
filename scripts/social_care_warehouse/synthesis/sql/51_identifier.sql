-- The identifiers of every child. Only those known to the courts or the police have one
-- from the MoJ.
create or replace table identifier as
with chances as (
    select
        person.child_number,
        setting('offender_share')
        * if(
            person.gender = 'M',
            setting('offender_male_factor'),
            setting('offender_female_factor')
        )
        * by_highest.factor
        * by_cohort.factor as chance,
    from person
    inner join offender as by_highest
        on by_highest.what = 'highest'
        and person.true_highest_intervention = by_highest.value
    inner join offender as by_cohort
        on by_cohort.what = 'cohort'
        and (
            year(person.birth_month) - (month(person.birth_month) < 9)::integer
        )::varchar = by_cohort.value
    where person.is_pupil
),

offenders as (
    select
        child_number,
        'MSYN' || right('0000' || upper(to_hex(
            scrambled(child_number, 830173649201553227, 'offender')
        )), 15) as moj_uid,
        if(
            not getvariable('clean')
            and draw(child_number, 'second_moj_uid', 0)
            < getvariable('dirt')['population second_moj_uid'],
            'MSYN' || right('0000' || upper(to_hex(
                scrambled(child_number, 541207733810022391, 'offender again')
            )), 15),
            null
        ) as second_moj_uid,
    from chances
    where draw(child_number, 'offender', 0) < chance
)

select
    child.child_number,
    pupil.pupil_id,
    offenders.moj_uid,
    offenders.second_moj_uid,
from child
left join pupil on child.child_number = pupil.child_number
left join offenders on child.child_number = offenders.child_number;
