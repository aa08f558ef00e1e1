with ks4 as (
    select
        min(academic_year_end) as ks4_first_year,
        max(academic_year_end) as ks4_last_year
    from {{ ref('int_ks4_pupil') }}
),

absence as (
    select
        min(academic_year_end) as absence_first_year,
        max(academic_year_end) as absence_last_year
    from {{ ref('int_absence_pupil_year') }}
),

census as (
    select
        min(academic_year_end) as census_first_year,
        max(academic_year_end) as census_last_year
    from {{ ref('int_census_record') }}
),

-- Files before 2005/06 list permanent exclusions alone, so suspensions have years of
-- their own.
exclusions as (
    select
        min(academic_year_end) as exclusion_first_year,
        max(academic_year_end) as exclusion_last_year,
        min(academic_year_end) filter (where n_suspensions > 0)
            as suspension_first_year,
        max(academic_year_end) filter (where n_suspensions > 0)
            as suspension_last_year
    from {{ ref('int_exclusion_pupil_year') }}
),

social_care as (
    select
        min(cla_year) as cla_first_year,
        max(cla_year) as cla_last_year,
        min(cin_year) as cin_first_year,
        max(cin_year) as cin_last_year
    from (
        select
            {{ reporting_year_named('academic_year') }} as cla_year,
            cast(null as integer) as cin_year
        from {{ ref('int_cla_person_year') }}
        union all
        select
            cast(null as integer) as cla_year,
            {{ reporting_year_named('academic_year') }} as cin_year
        from {{ ref('int_cin_person_year') }}
    ) as person_years
),

justice as (
    select * from {{ ref('int_justice_window') }}
),

final as (
    select
        ks4.*,
        absence.*,
        census.*,
        exclusions.*,
        social_care.*,
        justice.*
    from ks4
    cross join absence
    cross join census
    cross join exclusions
    cross join social_care
    cross join justice
)

select * from final
