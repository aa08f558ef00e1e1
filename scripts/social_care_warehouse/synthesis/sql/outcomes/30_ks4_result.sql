-- Results at the end of key stage 4: one position per pupil in year 11, from which every
-- measure of the year follows.
create or replace table ks4_result as
with positions as (
    select
        pupil_year.*,
        trait.gender,
        (
            0.80 * trait.ability
            - 0.26 * ln(trait.conduct + 0.05)
            - 0.11 * ln(trait.truancy + 0.05)
            + status.attainment_shift
            + if(
                pupil_year.status = 'looked after twelve months'
                and pupil_year.school_year <= 2010,
                setting('looked_after_attainment_to_2010'),
                0
            )
            + if(trait.gender = 'F', 0.10, -0.10)
            + if(trait.is_poor, -0.42, 0.14)
            + if(pupil_year.is_free_meals, -0.15, 0.03)
            + case pupil_year.special_need
                when 'support' then -0.65
                when 'statement' then -1.0
                else 0.15
            end
            + case pupil_year.sector
                when 'special' then -1.5
                when 'referral unit' then -1.0
                when 'alternative provision' then -1.0
                -- Their international qualifications do not count.
                when 'independent' then -0.3
                else 0
            end
            - setting('ks4_mean')
        ) / setting('ks4_spread') as position,
    from pupil_year
    inner join pupil_trait as trait on pupil_year.child_number = trait.child_number
    inner join social_care_status as status on pupil_year.status = status.status
    where pupil_year.year_group = 11
)

select
    positions.* exclude (enrolment_kind, other_school_number),
    position < setting('ks4_no_entry_below') as has_no_entry,
    -- Those who pass the stricter measure pass the others as well.
    position > setting('ks4_skew') + bell_bound(1 - school_year_setting.level2_em) as is_level_2_english_maths,
    -- Children known to social care pass fewer examinations in other subjects.
    position > setting('ks4_skew') + bell_bound(1 - school_year_setting.level2)
    + if(
        status in ('in need', 'on a plan', 'looked after twelve months'),
        setting('level_2_known_shift'),
        0
    ) as is_level_2,
    position > setting('ks4_skew') + bell_bound(1 - school_year_setting.english_maths) as is_english_maths,
    position > setting('ks4_skew') + bell_bound(1 - school_year_setting.english_maths_5)
    and positions.school_year >= 2017 as is_english_maths_5,
    position > bell_bound(1 - 0.7 * school_year_setting.level2_em)
    and draw(child_number, 'subjects', 0) < 0.6 as is_ebacc,
    position > bell_bound(1 - 0.93 * school_year_setting.level2_em) as is_gcse_only,
    position > bell_bound(0.07) as is_level_1,
    position > bell_bound(0.09) as is_level_1_english_maths,
    position > bell_bound(0.013) as is_any_pass,
    if(
        position < setting('ks4_no_entry_below'),
        0,
        round(greatest(1, school_year_setting.points_capped_mean + 88 * position), 2)
    ) as points_capped,
    if(
        position < setting('ks4_no_entry_below'),
        0,
        round(least(89, greatest(
            0.5, school_year_setting.attainment_8_mean + 1.8 + 19 * position
            + 14 * least(0, position + 0.5)
            -- Children in need take fewer subjects than their results in others suggest.
            - case
                when status in ('in need', 'on a plan') then setting('in_need_fewer_points')
                when status = 'looked after twelve months' then setting('looked_after_fewer_points')
                else 0
            end
        )), 2)
    ) as attainment_8,
    round(position * 1.05 - 0.05, 2) as progress_8,
from positions
inner join school_year_setting
    on positions.school_year = school_year_setting.school_year;
