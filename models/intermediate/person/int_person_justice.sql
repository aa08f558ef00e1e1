with rules as (
    select * from {{ ref('outcome_counting_rules') }}
),

occasions as (
    select * from {{ ref('int_offence_occasion') }}
    where pupil_id is not null and coalesce(offence_age >= 10, true)
),

offences as (
    select * from {{ ref('int_offence') }}
    where pupil_id is not null and is_proven and coalesce(offence_age >= 10, true)
),

-- What each rule counts.
units as (
    select
        pupil_id,
        'occasion' as unit,
        true as is_primary,
        offence_age,
        outcome = 'conviction' as is_conviction,
        severity_rank
    from occasions
    union all
    select
        pupil_id,
        'offence' as unit,
        coalesce(is_primary, false) as is_primary,
        offence_age,
        is_conviction,
        severity_rank
    from offences
),

counted as (
    select
        units.pupil_id,
        rules.counting_rule,
        count(*) filter (where units.is_conviction) as n_convictions,
        count(*) filter (where not units.is_conviction) as n_cautions,
        max(units.severity_rank) as highest_disposal_rank
    from units
    inner join rules
        on units.unit = rules.unit and (units.is_primary or not rules.is_primary_only)
    where units.offence_age < {{ var('outcome_to_age') }}
    group by units.pupil_id, rules.counting_rule
),

-- First dates do not depend on the counting rule, nor on the age to which it counts.
firsts as (
    select
        pupil_id,
        cast(count(*) filter (where offence_age is null) as integer)
            as n_occasions_age_unknown,
        -- The date of the first is known if no occasion without a date can be earlier.
        case
            when
                count(*) = count(first_offence_date)
                or (
                    count(*) filter (
                        where first_offence_date is null and offence_age is null
                    ) = 0
                    and min(offence_age) filter (where first_offence_date is null)
                    > min(offence_age) filter (where first_offence_date is not null)
                )
                then min(first_offence_date)
        end as first_offence_date,
        min(offence_age) as first_offence_age,
        min(conviction_date) filter (where outcome = 'conviction')
            as first_conviction_date,
        min(conviction_date) as first_disposal_date
    from occasions
    group by pupil_id
),

final as (
    select
        firsts.pupil_id,
        rules.counting_rule,
        cast(coalesce(counted.n_convictions, 0) as integer) as n_convictions,
        cast(coalesce(counted.n_cautions, 0) as integer) as n_cautions,
        cast(counted.highest_disposal_rank as integer) as highest_disposal_rank,
        firsts.n_occasions_age_unknown,
        firsts.first_offence_date,
        firsts.first_offence_age,
        firsts.first_conviction_date,
        firsts.first_disposal_date
    from firsts
    cross join rules
    left join counted
        on
            firsts.pupil_id = counted.pupil_id
            and rules.counting_rule = counted.counting_rule
)

select * from final
