-- One row per child of this batch. Pupils have the numbers 1 to N, and the children
-- without a pupil reference those after.
create or replace table child as
with numbered as (
    select
        range as child_number,
        range <= getvariable('pupils') as is_pupil,
    from range(getvariable('first_child'), getvariable('last_child') + 1)
),

born as (
    select
        numbered.child_number,
        numbered.is_pupil,
        (
            cohort_range.cohort_start_date
            + to_months(
                cohort_range.first_month
                + floor(
                    cohort_range.n_months
                    * draw(numbered.child_number, 'birth month', 0)
                )::integer
            )
        )::date as birth_month,
    from numbered
    inner join cohort_range
        on numbered.is_pupil = cohort_range.is_pupil
        and falls_in(
            draw(numbered.child_number, 'cohort', 0),
            cohort_range.u_from,
            cohort_range.u_to
        )
),

-- The day is needed for a life that adds up; the extracts give month and year only.
dated as (
    select
        *,
        (
            birth_month
            + floor(
                day(last_day(birth_month)) * draw(child_number, 'birth day', 0)
            )::integer
        )::date as birth_date,
    from born
),

described as (
    select
        dated.child_number,
        dated.is_pupil,
        dated.birth_month,
        dated.birth_date,
        (dated.birth_date + to_years(18))::date as adult_date,
        if(draw(dated.child_number, 'sex', 0) < setting('male_share'), 'M', 'F')
            as gender,
        ethnic_range.code as ethnic_group,
        ethnic_range.referral_factor,
        ethnic_range.care_factor,
        ethnic_range.unaccompanied_factor,
        la_bucket.la_code,
        la_bucket.referral_factor as la_referral_factor,
        la_bucket.care_factor as la_care_factor,
        la_bucket.plan_factor as la_plan_factor,
        draw(dated.child_number, 'disabled', 0) < setting('disabled_share')
            as is_disabled,
        draw(dated.child_number, 'seldom', 0) < setting('seldom_share')
            as is_seldom,
    from dated
    inner join ethnic_range
        on falls_in(
            draw(dated.child_number, 'ethnic group', 0),
            ethnic_range.u_from,
            ethnic_range.u_to
        )
    inner join la_bucket
        on floor(10000 * draw(dated.child_number, 'authority', 0))::integer
        = la_bucket.bucket
)

select * from described;

-- The pupil reference is a one-to-one scramble of the number, so that no two can be the
-- same.
create or replace macro scrambled(n, factor, shift) as (
    (
        (
            n::hugeint * factor::hugeint
            + (hash(getvariable('seed')::bigint, shift) >> 5)::hugeint
        )
        % 1152921504606846976::hugeint
    )::ubigint
);

create or replace table pupil as
with once as (
    select child_number, scrambled(child_number, 1142387449835216693, 'once') as x
    from child
    where is_pupil
),

folded as (
    select child_number, xor(x, x >> 29) as x
    from once
)

select
    child_number,
    'SYN' || upper(right(to_hex(
        scrambled(folded.x, 905273493873487337, 'twice') + 1152921504606846976::ubigint
    ), 15)) as pupil_id,
from folded;
