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

cleaned as (
    select distinct
        referral_id,
        pupil_id,
        {{ clean_code('delivered_code') }} as factor_code
    from listed
    where delivered_code <> ''
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
