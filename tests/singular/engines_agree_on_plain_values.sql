-- What each macro of macros/engine gives for values at its edges, the same on every
-- engine. Returns one row per mismatch.
with texts as (
    select
        'plain' as kind,
        'abc' as written
    union all
    select
        'line break at the end' as kind,
        'abc{{ "\n" }}' as written
    union all
    select
        'line break within' as kind,
        'a{{ "\n" }}c' as written
    union all
    select
        'carriage return within' as kind,
        'a{{ "\r" }}c' as written
    union all
    select
        'list' as kind,
        '|a||b|' as written
    union all
    select
        'nothing' as kind,
        '' as written
    union all
    select
        'not known' as kind,
        cast(null as string) as written
),

parts as (
    select
        kind,
        {{ split_rows('written', '|') }} as part
    from texts
),

counted_parts as (
    select
        kind,
        count(*) as n_parts,
        count(*) filter (where part = '') as n_empty_parts
    from parts
    group by kind
),

dates as (
    select
        cast('2012-02-28' as date) as earlier,
        cast('2012-03-01' as date) as later,
        cast(null as date) as not_known
)

select 'rounded: the product is rounded, and a small negative number is 0' as breach
from (
    select
        {{ rounded("cast('0.575' as double)", 2) }} as from_a_five,
        {{ rounded("cast('-0.001' as double)", 2) }} as from_below
) as numbers
where from_a_five <> 57e-2 or cast(from_below as string) <> '0.0'
union all
select 'matches: the whole text, and a full stop is all but a line feed' as breach
from texts
where
    {{ matches('written', 'a.c') }}
    is distinct from case kind
        when 'plain' then true
        when 'carriage return within' then true
        when 'not known' then null
        else false
    end
union all
select 'matches: alternatives are taken as a whole' as breach
from texts
where kind = 'plain' and {{ matches('written', 'a|c') }}
union all
select 'without_matches: every stretch goes' as breach
from texts
where
    {{ without_matches('written', '[^abc]') }}
    is distinct from case kind
        when 'list' then 'ab'
        when 'plain' then 'abc'
        when 'line break at the end' then 'abc'
        when 'line break within' then 'ac'
        when 'carriage return within' then 'ac'
        when 'nothing' then ''
    end
union all
select 'rewritten: each step in turn, a text that does not match stays' as breach
from texts
where
    {{ rewritten('written', [('^(a)(bc)$', '$2-$1'), ('^(.*)-a$', '$1')]) }}
    is distinct from case
        when kind = 'plain' then 'bc'
        else written
    end
union all
select 'split_rows: empty parts count, an unknown text has none' as breach
from texts
left join counted_parts on texts.kind = counted_parts.kind
where
    coalesce(counted_parts.n_parts, 0) <> case texts.kind
        when 'list' then 5
        when 'not known' then 0
        else 1
    end
    or coalesce(counted_parts.n_empty_parts, 0) <> case texts.kind
        when 'list' then 3
        when 'nothing' then 1
        else 0
    end
union all
select 'days_between: nights, over a 29 February, in either direction' as breach
from dates
where
    {{ days_between('earlier', 'later') }} <> 2
    or {{ days_between('later', 'earlier') }} <> -2
    or {{ days_between('earlier', 'earlier') }} <> 0
    or {{ days_between('earlier', 'not_known') }} is not null
union all
select 'hash_key: the same key for the same parts, none where one is unknown' as breach
from dates
where
    {{ hash_key(["'P1'", 'earlier']) }} <> '2387a3d11a3fdd2930b32f810bd07e72'
    or {{ hash_key(["'P1'", 'not_known']) }} is not null
union all
select 'try_cast: NULL for a text that cannot be read, half up for decimals' as breach
from dates
where
    {{ try_cast("'2011-02-29'", 'date') }} is not null
    or {{ try_cast("'x'", 'integer') }} is not null
    or {{ try_cast("'99999999999'", 'integer') }} is not null
    or {{ try_cast("'1.0005'", 'decimal(18, 3)') }} <> cast('1.001' as decimal(18, 3))
    or {{ try_cast("'-1.0005'", 'decimal(18, 3)') }} <> cast('-1.001' as decimal(18, 3))
    or {{ try_cast("'1e'", 'decimal(18, 3)') }} is not null
union all
select 'utc_seconds: one moment in any time zone, NULL for no time' as breach
from dates
where
    {{ utc_seconds("'2011-04-30 23:00:00+00:00'") }} <> 1304204400
    or {{ utc_seconds("'2011-05-01 00:00:00+01:00'") }} <> 1304204400
    or {{ utc_seconds("'1970-01-01 00:00:00+00:00'") }} <> 0
    or {{ utc_seconds("'2011-02-29 00:00:00+00:00'") }} is not null
    or {{ utc_seconds("'x'") }} is not null
union all
select 'intervention_from_rank: the words, and nothing for no rank' as breach
from dates
where
    cast({{ intervention_from_rank(4) }} as string) <> 'child looked after'
    or cast({{ intervention_from_rank(0) }} as string) <> 'no social care contact'
    or {{ intervention_from_rank(5) }} is not null
