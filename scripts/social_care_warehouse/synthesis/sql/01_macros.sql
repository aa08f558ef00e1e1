-- Every chance in a life is a hash of who, the seed, what is being decided and which
-- time it is.
-- So a life does not depend on threads, on order or on how many other lives are made.
-- The outer hash matters: without it, two draws of one child differ only by a fixed
-- pattern of bits.
create or replace macro draw(who, what, which) as (
    (hash(hash(who::bigint, getvariable('seed')::bigint, what, which::bigint)) >> 11)
    / 9007199254740992.0
);

-- The reporting year of a date: the year in which its 31 March falls.
create or replace macro reporting_year_of(day) as (
    (year(day) + (month(day) > 3)::integer)::integer
);

-- Full years from birth, as on a birthday cake.
create or replace macro age_on(birth, day) as (
    date_sub('year', birth, day)::integer
);

create or replace macro age_band_of(age) as (
    case
        when age < 1 then 'under 1'
        when age < 5 then '1 to 4'
        when age < 10 then '5 to 9'
        when age < 16 then '10 to 15'
        else '16 and 17'
    end
);

create or replace macro setting(wanted) as (
    getvariable('scalar')[wanted]
);

-- A length between two points of a cumulative curve, straight on a log scale.
create or replace macro length_of(u, curve) as (
    round(
        (curve.days_from + 1)
        * pow(
            (curve.days_to + 1.0) / (curve.days_from + 1),
            (u - curve.u_from) / (curve.u_to - curve.u_from)
        )
    )::integer - 1
);

create or replace macro falls_in(u, u_from, u_to) as (
    u >= u_from and u < u_to
);

create or replace macro shows(wanted_column, in_year) as (
    list_contains(getvariable('column_years')[wanted_column], in_year)
);

-- Whether this row gets this kind of fault; never with --clean.
create or replace macro struck(dataset_and_kind, row_id) as (
    not getvariable('clean')
    and draw(row_id, dataset_and_kind, 7) < getvariable('dirt')[dataset_and_kind]
);

create or replace macro form_draw(row_id, thing) as (
    if(getvariable('clean'), 1.5, draw(row_id, 'form', hash(thing) % 1000))
);

create or replace macro date_text(day, form) as (
    case form
        when 'date_with_time' then strftime(day, '%Y-%m-%d 00:00:00.000')
        when 'date_day_first' then strftime(day, '%d/%m/%Y')
        when 'date_month_name' then upper(strftime(day, '%d%b%Y'))
        when 'date_month_hyphens' then strftime(day, '%d-%b-%Y')
        else strftime(day, '%Y-%m-%d')
    end
);

create or replace macro flag_text(flag, form) as (
    case form
        when 'flag_decimal' then if(flag, '1.0', '0.0')
        when 'flag_word' then if(flag, 'true', 'false')
        when 'flag_letter' then if(flag, 'Y', 'N')
        else if(flag, '1', '0')
    end
);

create or replace macro blank_text(value, form) as (
    coalesce(
        value,
        case form
            when 'blank_space' then ' '
            when 'blank_tab' then chr(9)
            when 'blank_null' then 'NULL'
            when 'blank_na' then 'NA'
            when 'blank_dot' then '.'
        end
    )
);

create or replace macro academic_year_text(in_year, form) as (
    case form
        when 'year_short'
            then (in_year - 1)::varchar || '/' || right(in_year::varchar, 2)
        when 'year_hyphen'
            then (in_year - 1)::varchar || '-' || right(in_year::varchar, 2)
        when 'year_digits' then (in_year - 1)::varchar || right(in_year::varchar, 2)
        when 'year_long_digits' then (in_year - 1)::varchar || in_year::varchar
        else (in_year - 1)::varchar || '/' || in_year::varchar
    end
);
