-- Settings of schooling and offending: the numbers, the faults, and one row per school
-- year with a column for each setting that changes by year.
set variable scalar = (
    select map(list(name), list(value::double))
    from (
        select name, value from scalar
        union all
        select name, value from outcome_scalar
    )
);

set variable dirt = (
    select map(list(dataset || ' ' || kind), list(rate::double))
    from (
        select dataset, kind, rate from dirt
        union all
        select dataset, kind, rate from outcome_dirt
    )
);

-- Years after the last of the settings are like it.
create or replace table school_year_setting as
pivot (
    with known as (
        select name, school_year::integer as school_year, value::double as value from school_year
    )

    select name, school_year, value from known
    union all
    select name, unnest(range(school_year + 1, getvariable('until') + 1))::integer, value
    from known
    where school_year = (select max(school_year) from known)
)
on name
using first(value)
group by school_year;

-- The police record is delivered up to the end of the year before the last summer.
set variable ks4_first_year = (
    select first_year from outcome_file where file = 'ks4'
);
set variable absence_first_year = (
    select first_year from outcome_file where file = 'absence'
);
set variable exclusion_first_year = (
    select first_year from outcome_file where file = 'exclusion_early'
);
set variable first_school_year = (
    select first_year from outcome_file where file = 'census'
);

set variable offences_first_day = date '2000-01-01';
set variable offences_last_day = make_date(getvariable('until') - 1, 12, 31);

set variable care_first_year_end = (
    select min(last_day) from extract_year where dataset = 'cla'
);
set variable need_first_year_end = (
    select min(last_day) from extract_year where dataset = 'cin'
);

-- Three things make the offending of an authority's children differ: the level among
-- all of them; for those known to social care, how easily they are referred, as those
-- who are referred by few authorities alone are less troubled; and what the authority
-- does for them, its effect. The last is what a comparison is to find. With `none` and
-- `ten` there is nothing but the effect, so that what a comparison finds can be counted.
set variable has_usual_effects = (getvariable('authority_effects') = 'usual');

-- An effect of 1.5 must be one for every child, also for those who offend most.
set variable largest_youth_chance = if(
    getvariable('has_usual_effects'),
    setting('largest_youth_chance'),
    least(setting('largest_youth_chance'), 1 / setting('ten_offence_effect'))
);

create or replace table authority as
with described as (
    select
        la_range.la_code,
        la_range.la_code_until_2009,
        authority_outcome.la_nine_code,
        la_range.referral_factor,
        la_range.u_to - la_range.u_from as share,
        (la_range.u_to - la_range.u_from) * la_range.referral_factor as share_referred,
        coalesce(authority_outcome.poverty_shift, 0)::double as poverty_shift,
        if(
            getvariable('has_usual_effects'),
            coalesce(authority_outcome.offence_factor, 1),
            1
        )::double as offence_factor,
        if(
            getvariable('has_usual_effects'),
            pow(la_range.referral_factor, setting('referral_offence_power')),
            1
        ) as referral_offence_factor,
        coalesce(authority_outcome.offence_effect, 1)::double as usual_effect,
        -- Every 15th of 151.
        row_number() over (order by la_range.la_code) % 15 = 8 as is_one_of_ten,
        lead(la_range.la_code, 1, '202') over (order by la_range.la_code)
            as neighbour_code,
    from la_range
    left join authority_outcome
        on la_range.la_code = authority_outcome.la_code::varchar
),

-- The ten have 1.5 times the rate of England, so the others have a little less than it.
with_effect as (
    select
        * exclude (usual_effect, is_one_of_ten),
        case
            when getvariable('has_usual_effects') then usual_effect
            when getvariable('authority_effects') = 'none' then 1
            when is_one_of_ten then setting('ten_offence_effect')
            else
                (
                    sum(share_referred) over ()
                    - setting('ten_offence_effect')
                    * sum(share_referred) filter (where is_one_of_ten) over ()
                )
                / sum(share_referred) filter (where not is_one_of_ten) over ()
        end::double as offence_effect,
    from described
)

select
    *,
    -- So that the national rate stays as it is.
    offence_effect * referral_offence_factor
    * sum(share_referred) over ()
    / sum(share_referred * offence_effect * referral_offence_factor) over ()
        as social_care_offence_factor,
from with_effect;

-- Every code that a file can have, with the code of nine characters.
create or replace table authority_code as
select la_code, la_code_until_2009, la_nine_code from authority
union all
select distinct later_code, null, later_nine_code from later_range;

create or replace view truth_local_authority as
select
    la_code as local_authority_old_code,
    la_nine_code as local_authority_code,
    share as pupil_share,
    poverty_shift,
    referral_factor,
    offence_factor,
    referral_offence_factor,
    offence_effect,
    social_care_offence_factor,
from authority
order by la_code;

create or replace table offence_age_range as
select
    age,
    kind,
    (sum(weight) over by_age - weight) / sum(weight) over alike as u_from,
    if(
        age = max(age) over alike,
        1,
        sum(weight) over by_age / sum(weight) over alike
    ) as u_to,
from offence_age
window
    alike as (partition by kind),
    by_age as (partition by kind order by age);

-- How often each number was reached in a school year, over all batches: what a rank
-- within the year needs.
create or replace table points_count (school_year integer, points double, n bigint);
create or replace table area_count (school_year integer, area_rank integer, n bigint);

-- A number around 0 with the shape of a bell, from two draws.
create or replace macro bell_draw(who, what, which) as (
    sqrt(-2 * ln(1 - draw(who, what, which)))
    * cos(2 * pi() * draw(who, what || ' angle', which))
);

-- How many times something happens: most often few times, now and then many times.
create or replace macro count_draw(u, mean_count) as (
    floor(ln(1 - u) / ln(mean_count / (1 + mean_count)))::integer
);

-- A factor with mean 1, the more uneven the larger the power. Its mean without the
-- division is the gamma function of the power plus 1.
create or replace macro uneven_factor(u, power) as (
    pow(-ln(1 - u), power) / gamma(power + 1)
);

-- The bound below which a share of bell-shaped numbers falls.
create or replace macro bell_bound(share) as (
    4.91 * (pow(share, 0.14) - pow(1 - share, 0.14))
);

create or replace macro school_year_text(school_year) as (
    (school_year - 1)::varchar || '/' || school_year::varchar
);

-- In which written form the dates, flags, blanks and years of a row come: one draw for
-- each, against the rates of the unusual forms.
create or replace macro written_form(row_id, thing) as (
    case
        when getvariable('clean') then 'usual'
        else coalesce(
            list_filter(
                getvariable('forms')[thing],
                lambda form: form.u_to > draw(row_id, 'form', hash(thing) % 1000)
            )[1].kind,
            'usual'
        )
    end
);

set variable forms = (
    select map(list(stratum), list(kinds))
    from (
        select stratum, list({'kind': code, 'u_to': u_to} order by u_to) as kinds
        from choice_range
        where what = 'form'
        group by stratum
    )
);

create or replace macro area_score_of(area_share) as (
    round(0.005 + 0.62 * pow(1 - area_share, 2.4), 4)
);

create or replace macro area_rank_of(area_share, school_year) as (
    1 + floor(area_share * if(school_year < 2016, 32482, 32844))::integer
);
