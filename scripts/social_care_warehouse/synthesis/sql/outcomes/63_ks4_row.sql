-- The rows of the key stage 4 file: one at the end of key stage 4, and for some who took
-- an examination early another one from the year before. Independent schools are in it.
create or replace table ks4_row as
with ends as (
    select *, 0 as years_early from ks4_result
),

early as (
    select * replace (school_year - 1 as school_year), 1 as years_early
    from ks4_result
    where draw(child_number, 'early entry', 0) < setting('early_entry_share')
        and not has_no_entry
)

select
    together.*,
    hash(together.child_number, together.school_year, 'ks4') >> 2 as row_id,
    trait.birth_month,
    trait.cohort,
    case
        when together.school_year <= 2013 then 'A'
        when together.school_year = 2014 then 'B'
        when together.school_year <= 2016 then 'C'
        else 'D'
    end as regime,
from (
    select * from ends
    union all
    select * from early
) as together
inner join pupil_trait as trait on together.child_number = trait.child_number
where together.school_year between getvariable('ks4_first_year') and getvariable('until');
