-- Everyone in the police record has an identifier from the MoJ.
create or replace table identifier as
select
    identifier.child_number,
    identifier.pupil_id,
    coalesce(
        identifier.moj_uid,
        if(
            recorded.child_number is null,
            null,
            'MSYN' || right('0000' || upper(to_hex(
                scrambled(identifier.child_number, 830173649201553227, 'offender')
            )), 15)
        )
    ) as moj_uid,
    identifier.second_moj_uid,
from identifier
left join (select distinct child_number from offence) as recorded
    on identifier.child_number = recorded.child_number;
