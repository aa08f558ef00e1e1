with care_episodes as (
    select * from {{ ref('int_cla_episode') }}
),

referrals as (
    select * from {{ ref('int_cin_referral') }}
),

school_years as (
    select * from {{ ref('int_pupil_school_year') }}
),

exclusions as (
    select * from {{ ref('int_exclusion') }}
),

offences as (
    select * from {{ ref('int_offence') }}
),

-- The codes of the lists for a death. Labels can be changed, so none decides.
recorded as (
    select
        pupil_id,
        recorded_end_date as death_date
    from care_episodes
    where reason_episode_ceased_code = 'E2'
    union all
    select
        pupil_id,
        closure_date as death_date
    from referrals
    where reason_for_closure_code = 'RC2'
),

-- Two records of one death may differ by some days. The later one is used, so that
-- nothing between them counts as being after it.
deaths as (
    select
        pupil_id,
        max(death_date) as death_date
    from recorded
    where death_date is not null
    group by pupil_id
),

-- A row of a school year is after the death if the year began after it.
in_school as (
    select
        deaths.pupil_id,
        bool_or(coalesce(school_years.is_in_census, false)) as is_in_census,
        bool_or(school_years.is_over_legal_maximum is not null) as is_in_absence,
        bool_or(coalesce(school_years.is_end_of_ks4, false)) as is_in_ks4
    from deaths
    inner join school_years on deaths.pupil_id = school_years.pupil_id
    where
        make_date(school_years.academic_year_start, 9, 1) > deaths.death_date
    group by deaths.pupil_id
),

excluded as (
    select distinct deaths.pupil_id
    from deaths
    inner join exclusions on deaths.pupil_id = exclusions.pupil_id
    where
        coalesce(exclusions.start_date, make_date(exclusions.academic_year_start, 9, 1))
        > deaths.death_date
),

offended as (
    select distinct deaths.pupil_id
    from deaths
    inner join offences on deaths.pupil_id = offences.pupil_id
    where offences.offence_date > deaths.death_date
),

final as (
    select
        deaths.pupil_id,
        deaths.death_date,
        coalesce(in_school.is_in_census, false) as is_in_census_after,
        coalesce(in_school.is_in_absence, false) as is_in_absence_after,
        coalesce(in_school.is_in_ks4, false) as is_in_ks4_after,
        excluded.pupil_id is not null as is_in_exclusion_after,
        offended.pupil_id is not null as is_in_offence_after
    from deaths
    left join in_school on deaths.pupil_id = in_school.pupil_id
    left join excluded on deaths.pupil_id = excluded.pupil_id
    left join offended on deaths.pupil_id = offended.pupil_id
)

select * from final
