-- The rows of the police record: one per disposal of an offence. Some have no pupil
-- reference and are linked by the identifier of the MoJ alone.
create or replace table offence_row as
with disposals as (
    select offence.*, 1 as disposal_number from offence
    union all
    select
        offence.* replace ('1052' as disposal_code),
        2 as disposal_number,
    from offence
    where has_second_disposal
)

select
    disposals.*,
    hash(child_number, occasion_number, offence_number, disposal_number) >> 2 as row_id,
    'C' || lpad(
        (hash(child_number, occasion_number, getvariable('seed')) % 1000000000000)::varchar,
        12,
        '0'
    ) as case_id,
    draw(child_number, 'pupil reference of offences', 0)
    < setting('offence_without_reference_share') as has_no_pupil_id,
from disposals;
