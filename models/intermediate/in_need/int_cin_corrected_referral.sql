{#- In what two rows of one referral agree, where both have a value. -#}
{%- set alike = [
    'local_authority_code', 'primary_need_code', 'referral_source_code',
] -%}
with cin as (
    select * from {{ ref('stg_cin') }}
    where pupil_id is not null
),

referrals as (
    select * from {{ ref('int_cin_referral_date') }}
),

pairs as (
    select
        copies.pupil_id,
        copies.referral_mark,
        copies.referral_date,
        copies.first_year as copy_year,
        originals.first_year as original_year,
        originals.referral_mark as corrected_mark,
        originals.referral_date as corrected_date,
        -- A case that is open on 31 March has a row in the next year. Where that row is
        -- missing, and another referral from before that 31 March is there for the
        -- first time, the second is the first with another date.
        copies.referral_date is not null
        and abs({{ days_between('copies.referral_date', 'originals.referral_date') }})
        between 1 and {{ var('corrected_date_max_days') }}
        and copies.last_year < originals.first_year
        and originals.referral_date <= {{ reporting_year_end('copies.last_year') }}
        and not copies.is_referral_nfa
        and (
            copies.closure_date is null
            or coalesce(copies.closure_date = originals.closure_date, false)
        ) as is_corrected,
        -- A row without a date belongs to the referral that lacks the row of its year.
        copies.referral_date is null
        and copies.n_rows = 1
        and copies.first_year >= originals.first_year - 1
        and copies.first_year <= originals.last_year + 1
        and originals.referral_date <= {{ reporting_year_end('copies.first_year') }}
        and copies.is_referral_nfa = originals.is_referral_nfa
        and coalesce(copies.closure_date = originals.closure_date, true)
        and coalesce(
            originals.closure_date >= {{ reporting_year_start('copies.first_year') }},
            true
        ) as is_blank
    from referrals as copies
    inner join referrals as originals
        on
            copies.pupil_id = originals.pupil_id
            and copies.referral_mark <> originals.referral_mark
            {% for column in alike %}
            and coalesce(copies.{{ column }} = originals.{{ column }}, true)
            {% endfor %}
    where originals.referral_date is not null
),

matched as (
    select
        pairs.*,
        dense_rank() over (
            partition by pairs.pupil_id, pairs.referral_mark
            order by pairs.original_year
        ) = 1 as is_next
    from pairs
    where
        (pairs.is_corrected or pairs.is_blank)
        and not exists (
            select 1
            from cin
            where
                cin.pupil_id = pairs.pupil_id
                and cin.referral_date = pairs.corrected_date
                and cin.academic_year_end = pairs.copy_year
        )
),

counted as (
    select
        *,
        count(*) over (partition by pupil_id, referral_mark) as n_originals,
        count(*) over (partition by pupil_id, corrected_mark, is_blank, copy_year)
            as n_copies
    from matched
    where is_next
),

-- If more than one referral fits, none is used.
decided as (
    select * from counted
    where n_originals = 1 and n_copies = 1
),

-- A corrected date can be corrected again.
final as (
    select
        decided.pupil_id,
        decided.referral_mark,
        decided.referral_date is null as is_blank,
        coalesce(later.corrected_mark, decided.corrected_mark) as corrected_mark,
        coalesce(later.corrected_date, decided.corrected_date) as corrected_date
    from decided
    left join decided as later
        on
            decided.pupil_id = later.pupil_id
            and decided.corrected_mark = later.referral_mark
)

select * from final
