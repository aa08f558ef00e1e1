-- Figures of one birth cohort to the end of 2017, at 23 or 24, and of children who were
-- ever in care.
insert into outcome_measure
with born_1994 as (
    select
        outcome.pupil_id,
        outcome.gender_code = 'M' as is_male,
        care.first_care_not_short_break_date is not null as is_ever_looked_after,
        coalesce(care.first_need_date, care.first_care_date) is not null as is_ever_in_need,
        coalesce(offence.is_offender, false) as is_offender,
        coalesce(offence.has_custody, false) as has_custody,
        outcome.pupil_id in (
            select pupil_id
            from wh.intermediate.int_exclusion_pupil_year
            where n_suspensions > 0
        ) as is_ever_suspended,
    from wh.marts.person_outcome as outcome
    left join wh.marts.person_first_contact as care on outcome.pupil_id = care.pupil_id
    left join (
        select
            pupil_id,
            true as is_offender,
            bool_or(severity = 'custodial') as has_custody,
        from wh.intermediate.int_offence_occasion
        where first_offence_date <= date '2017-12-31'
        group by pupil_id
    ) as offence on outcome.pupil_id = offence.pupil_id
    where outcome.birth_cohort = '1993/1994'
),

by_24 as (
    select
        is_offender as "cautioned or convicted by 24",
        has_custody as "immediate custody by 24",
        is_offender and not has_custody as "no custody by 24",
        is_male as "male",
        is_ever_in_need as "ever in need",
        is_ever_looked_after as "ever looked after",
        is_ever_suspended as "ever suspended",
        unnest(known_groups([
            'born 1993/94',
            if(is_ever_looked_after, 'ever looked after', 'never looked after'),
            if(is_ever_in_need, 'ever in need', null),
            if(is_male and not is_ever_looked_after, 'boys never looked after', null),
            if(has_custody, 'in custody by 24', null),
            if(is_offender and not has_custody, 'no custody by 24', null)
        ])) as category,
    from born_1994
)

select series, category, null, 100 * avg(has_property::integer), count(*)
from (
    unpivot by_24
    on columns(* exclude (category))
    into name series value has_property
)
where series in (
    'cautioned or convicted by 24', 'immediate custody by 24', 'no custody by 24'
)
or category in ('in custody by 24', 'no custody by 24')
group by all;

-- Children born in 1996 to 1999 who were at school in England at 10, to 18.
insert into outcome_measure by name
with cohort as (
    select
        outcome.pupil_id,
        outcome.ethnic_group_major_code = 'WHIT' as is_white,
        care.first_care_date is not null as is_in_care,
        outcome.n_convictions + outcome.n_cautions as n_occasions,
        coalesce(offended.has_custody, false) as has_custody,
    from wh.marts.person_outcome as outcome
    inner join wh.intermediate.int_census_pupil_year as census
        on outcome.pupil_id = census.pupil_id
        and census.academic_year_end = left(outcome.birth_cohort, 4)::integer + 11
    left join wh.marts.person_first_contact as care on outcome.pupil_id = care.pupil_id
    left join offended_before_18 as offended on outcome.pupil_id = offended.pupil_id
    where outcome.birth_cohort between '1996/1997' and '1999/2000'
        and outcome.is_justice_10_17_complete
)

select
    'born 1996 to 1999, ever in care' as category,
    unnest([
        figure('cautioned or convicted at 10 to 17', percent_with(n_occasions > 0), count(*)),
        figure(
            'mean cautions or convictions',
            avg(n_occasions) filter (where n_occasions > 0),
            count(*) filter (where n_occasions > 0)
        ),
        figure(
            'median cautions or convictions',
            median(n_occasions) filter (where n_occasions > 0),
            count(*) filter (where n_occasions > 0)
        )
    ], recursive := true)
from cohort
where is_in_care
union all
select
    'born 1996 to 1999, ever in care, White', 'custody at 10 to 17',
    percent_with(has_custody), count(*)
from cohort
where is_in_care and is_white
union all
select
    'born 1996 to 1999, never in care', 'median cautions or convictions',
    median(n_occasions), count(*)
from cohort
where not is_in_care and n_occasions > 0
union all
select
    'born 1996 to 1999, ' || kind, 'ever in care', percent_with(is_in_care), count(*)
from (
    select is_in_care, unnest(known_groups([
        'all',
        if(n_occasions > 0, 'offenders', null),
        if(has_custody, 'in custody', null)
    ])) as kind
    from cohort
)
group by kind;

-- Of those in care for twelve months on 31 March and 10 to 17 years old: who was
-- cautioned or convicted in the year.
insert into outcome_measure
with in_care as (
    select
        status.pupil_id,
        status.school_year,
        unnest([
            'looked after twelve months',
            'looked after twelve months, '
            || if(pupil.gender_code = 'M', 'boys', 'girls')
        ]) as category,
        make_date(status.school_year - 1, 4, 1) as first_day,
        make_date(status.school_year, 3, 31) as last_day,
    from outcome_status as status
    inner join wh.intermediate.int_pupil as pupil on status.pupil_id = pupil.pupil_id
    where status.status = 'looked after twelve months'
        and date_diff(
            'month',
            make_date(pupil.year_of_birth, pupil.month_of_birth, 1),
            make_date(status.school_year, 3, 31)
        ) // 12 between 10 and 17
)

select
    'cautioned or convicted in the year', in_care.category, in_care.school_year,
    100 * count(distinct in_care.pupil_id) filter (where offence.pupil_id is not null)
    / count(distinct in_care.pupil_id),
    count(distinct in_care.pupil_id)
from in_care
left join wh.intermediate.int_offence_occasion as offence
    on in_care.pupil_id = offence.pupil_id
    and offence.first_offence_date between in_care.first_day and in_care.last_day
group by in_care.category, in_care.school_year;
