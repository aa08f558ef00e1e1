with referrals as (
    select * from {{ ref('int_cin_referral') }}
    where assessment_factors is not null
),

factors as (
    select * from {{ ref('assessment_factor') }}
),

-- Factors come as a list in one column, between commas, semicolons or spaces.
listed as (
    select
        referral_id,
        pupil_id,
        {{ split_rows("translate(assessment_factors, '; ', ',,')", ',') }}
            as delivered_code
    from referrals
),

readings as (
    select
        delivered_code,
        staging.read_code(delivered_code) as factor_code
    from (select distinct delivered_code from listed) as texts
),

cleaned as (
    select distinct
        listed.referral_id,
        listed.pupil_id,
        readings.factor_code
    from listed
    inner join readings on listed.delivered_code = readings.delivered_code
    where readings.factor_code is not null
),

final as (
    select
        {{ hash_key(['cleaned.referral_id', 'cleaned.factor_code']) }}
            as referral_factor_id,
        cleaned.referral_id,
        cleaned.pupil_id,
        cleaned.factor_code,
        factors.label as factor_label,
        factors.published_group as factor_group
    from cleaned
    left join factors on cleaned.factor_code = factors.code
)

select * from final
