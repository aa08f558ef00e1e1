-- One row per referral and reporting year in which it was open.
create or replace table cin_sighting as
with years as (
    select
        *,
        unnest(range(
            reporting_year_of(referral_date),
            reporting_year_of(closure_date) + 1
        ))::integer as reporting_year,
    from referral
),

seen as (
    select
        years.*,
        extract_year.first_day,
        extract_year.last_day,
        extract_year.academic_year,
        child.la_code,
        not child.is_pupil
        or draw(years.child_number, 'cin reference', years.referral_number)
        < missing_reference.share as is_reference_missing,
        draw(years.child_number, 'cin coverage', years.referral_number)
        >= year_setting.cin_coverage as is_left_out,
    from years
    inner join extract_year
        on years.reporting_year = extract_year.reporting_year
        and years.closure_date >= extract_year.first_day
        and extract_year.dataset = 'cin'
    inner join year_setting
        on years.reporting_year = year_setting.reporting_year
    inner join child on years.child_number = child.child_number
    inner join missing_reference
        on missing_reference.dataset = 'cin'
        and least(age_on(child.birth_date, extract_year.last_day), 17)
        between missing_reference.first_age and missing_reference.last_age
)

select *
from seen
-- The first returns were not complete, and in them children without a reference are all
-- but absent.
where not is_left_out
and not (
    is_reference_missing
    and reporting_year <= 2012
    and draw(child_number, 'cin row kept', referral_number * 100 + reporting_year % 100)
    >= setting('row_kept_without_reference_share')
);
