-- The figures on offending at 10 to 17: each property of a pupil within each group.
insert into outcome_measure
with offending as (
    select
        is_offender as "cautioned or convicted at 10 to 17",
        n_convictions + n_cautions >= 4 as "four or more cautions or convictions at 10 to 17",
        was_in_referral_unit as "ever in a referral unit",
        any_pass as "any pass",
        violence_date is not null as "convicted of violence or robbery at 10 to 17",
        is_ever_in_need as "ever in need",
        is_ever_looked_after as "ever looked after",
        is_ever_suspended as "ever suspended",
        is_permanently_excluded as "ever excluded for good",
        is_ever_absent as "ever persistently absent",
        is_ever_fsm as "ever free meals",
        not has_special_needs as "never special needs",
        has_statement as "ever statement or plan",
        gender_code = 'M' as "male",
        ks4_level_2_english_maths as "five good passes with English and mathematics",
        ethnic_group_major_code = 'ASIA' as "Asian",
        ethnic_group_major_code = 'BLAC' as "Black",
        ethnic_group_major_code = 'MIXD' as "mixed",
        ethnic_group_major_code = 'WHIT' as "White",
        unnest(known_groups([
            'all',
            if(is_ever_in_need, 'ever in need', 'never in need'),
            if(is_ever_looked_after, 'ever looked after', null),
            if(is_ever_suspended, 'ever suspended', 'never suspended'),
            if(is_permanently_excluded, 'ever excluded for good', null),
            if(is_ever_absent, 'ever persistently absent', null),
            if(is_offender, 'offenders', null),
            if(was_in_referral_unit, 'ever in a referral unit', null),
            if(has_statement, 'ever statement or plan', null),
            if(violence_date is not null, 'violent offenders', null),
            if(ks4_academic_year <= '2014/2015', 'end of key stage 4 to 2015', null)
        ])) as category,
    from offending_cohort
)

select
    series,
    category,
    null as school_year,
    100 * avg(has_property::integer) as synthetic,
    count(*) as n,
from (
    unpivot offending
    on columns(* exclude (category))
    into name series value has_property
)
group by all;

insert into outcome_measure
select
    'age at first offence', 'age ' || first_offence_age::varchar, null,
    100 * count(*) / sum(count(*)) over (), sum(count(*)) over ()
from offending_cohort
where first_offence_age between 10 and 18
group by first_offence_age;

-- Which came first, by school terms: they begin in September, January and April.
insert into outcome_measure
with both_dates as (
    select
        unnest(['need', 'plan', 'care']) as kind,
        unnest([need_date, plan_date, care_date]) as contact_date,
        violence_date,
        ks4_end,
    from offending_cohort
    where violence_date is not null
),

terms as (
    select
        kind,
        3 * year(contact_date) + (month(contact_date) + 3) // 4 + (month(contact_date) = 4)::integer
            as contact_term,
        3 * year(violence_date) + (month(violence_date) + 3) // 4 + (month(violence_date) = 4)::integer
            as violence_term,
    from both_dates
    where contact_date <= ks4_end
)

select
    kind || ' against first violence',
    unnest(['in an earlier term', 'in the same term', 'in a later term']),
    null,
    unnest([
        100 * avg((contact_term < violence_term)::integer),
        100 * avg((contact_term = violence_term)::integer),
        100 * avg((contact_term > violence_term)::integer)
    ]),
    unnest([count(*), count(*), count(*)])
from terms
group by kind;
