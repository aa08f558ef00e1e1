-- One row per child, reporting year and episode open in it; the usual release keeps the
-- latest episode.
create or replace table cla_sighting as
with years as (
    select
        *,
        unnest(range(
            reporting_year_of(episode_start_date),
            reporting_year_of(episode_end_date) + 1
        ))::integer as reporting_year,
    from care_episode
),

seen as (
    select
        years.*,
        extract_year.first_day,
        extract_year.last_day,
        extract_year.academic_year,
        years.episode_end_date > extract_year.last_day as is_open,
    from years
    inner join extract_year
        on years.reporting_year = extract_year.reporting_year
        and extract_year.dataset = 'cla'
    qualify
        getvariable('release') = 'all-episodes'
        or row_number() over (
            partition by years.child_number, years.reporting_year
            order by years.episode_start_date desc
        ) = 1
),

-- The record is linked to the pupil by period of care, less surely for the young.
with_reference as (
    select
        seen.*,
        child.birth_date,
        child.la_code,
        coalesce(
            draw(seen.child_number, 'cla reference', seen.period_number)
            < missing_reference.share,
            false
        ) as is_reference_missing,
    from seen
    inner join child on seen.child_number = child.child_number
    left join missing_reference
        on missing_reference.dataset = 'cla'
        and age_on(child.birth_date, seen.last_day)
        between missing_reference.first_age and missing_reference.last_age
)

select * from with_reference;
