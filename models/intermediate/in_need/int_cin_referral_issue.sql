with referral_rows as (
    select * from {{ ref('int_cin_referral_row') }}
),

corrections as (
    select * from {{ ref('int_cin_corrected_referral') }}
),

plan_starts as (
    select * from {{ ref('int_cin_plan_start') }}
),

unused as (
    select * from {{ ref('int_cin_repeated_row') }}
    where not is_used
),

-- A case that an earlier year's row shows closed, and the latest year's row open.
reopened as (
    select
        referral_rows.pupil_id,
        max(referral_rows.academic_year) as academic_year
    from referral_rows
    inner join {{ ref('int_cin_referral') }} as referrals
        on
            referral_rows.pupil_id = referrals.pupil_id
            and referral_rows.referral_mark = referrals.referral_mark
    where
        referral_rows.is_used
        and referral_rows.closure_date is not null
        and referrals.closure_date is null
        and referrals.n_yearly_rows > 1
    group by referral_rows.pupil_id, referral_rows.referral_mark
),

final as (
    select
        'referral_date' as column_name,
        case
            when is_blank then 'blank in one of several years'
            else 'corrected in a later year'
        end as issue,
        pupil_id,
        cast(null as string) as academic_year
    from corrections
    union all
    select
        'referral_date' as column_name,
        'another row of the same referral and year is used' as issue,
        pupil_id,
        academic_year
    from unused
    union all
    select
        'cpp_start_date' as column_name,
        'corrected in a later year' as issue,
        pupil_id,
        last_academic_year as academic_year
    from plan_starts
    where is_corrected
    union all
    select
        'closure_date' as column_name,
        'blank in a later year' as issue,
        pupil_id,
        academic_year
    from reopened
)

select * from final
