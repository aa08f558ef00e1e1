-- The files in the order of their rows. What only served to make them is left out.
create or replace view delivered_cla as
select * exclude (child_number, reporting_year, episode_number, copy)
from cla_file
order by child_number, reporting_year, episode_number, copy;

create or replace view delivered_cin as
select * exclude (child_number, reporting_year, referral_number, copy)
from cin_file
order by child_number, reporting_year, referral_number, copy;

-- To a few pupils without an identifier from the MoJ the one of another pupil is given.
-- Children come in pairs for that, and a pair is always in one batch.
create or replace view delivered_population as
select
    identifier.pupil_id as "PupilMatchingRefAnonymous",
    coalesce(
        identifier.moj_uid,
        if(
            not getvariable('clean')
            and draw(child.child_number, 'shared_moj_uid', 0)
            < getvariable('dirt')['population shared_moj_uid'],
            partner.moj_uid,
            null
        )
    ) as "MoJUID",
    year(child.birth_month)::integer as "YearOfBirth",
    month(child.birth_month)::integer as "MonthOfBirth",
    child.gender as "Gender",
    child.ethnic_group as "EthnicGroupMajor",
    child.la_code as "LA",
from child
inner join identifier on child.child_number = identifier.child_number
left join identifier as partner
    on xor(child.child_number - 1, 1) + 1 = partner.child_number
where child.is_pupil
order by child.child_number;
