{% macro read_date(t) -%}
    {#- A date in any form that leaves no doubt. Numbers with separators are day first, or year first
        where the first number has four digits. NULL for two-digit years, for numbers of days (Excel),
        for days that do not exist and for times that do not (24:00 is in doubt). The two most
        frequent forms come first and take the short way. -#}
    {%- set text = 'upper(' ~ cleaned(as_written(t)) ~ ')' -%}
    {%- set hour_minute = '(?:[01]?[0-9]|2[0-3])(?::?[0-5][0-9]' -%}
    {%- set time = '[ T:]+' ~ hour_minute ~ '(?::?[0-5][0-9](?:[.,:][0-9]*)?)?)?( ?[AP]M)?' -%}
    {%- set zone = ' ?(Z|UTC|GMT|[-+][0-9]{2}(:?[0-9]{2})?)' -%}
    {%- set day_month_year = '^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})$' -%}
    {%- set day_name_year = '^([0-9]{1,2})(?:ST|ND|RD|TH)?[-/., ]*(' ~ month_pattern() ~ ')[-/., ]*([0-9]{4})$' -%}
    {%- set name_day_year = '^(' ~ month_pattern() ~ ')[-/. ]+([0-9]{1,2})[-/., ]+([0-9]{4})$' -%}
    {%- set year_first = '^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$' -%}
    {%- set is_instant -%}
        {{ matches(
            text, '[0-9]{4}-?[0-9]{2}-?[0-9]{2}[ T](?:[01][0-9]|2[0-3]):?[0-5][0-9].*' ~ zone
        ) }}
        and regexp_extract({{ text }}, '[ T]([0-9]{2}:?[0-9]{2})', 1) not in ('00:00', '0000')
    {%- endset -%}
    {%- set steps = [
        ('^#(.*)#$', '$1'),
        ('^([0-9]{4}[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,2})' ~ time ~ '(' ~ zone ~ ')?$', '$1'),
        ('^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[-+][0-9]{2}:[0-9]{2})$', '$1'),
        ('^([^:]*[0-9]{4})' ~ time ~ '$', '$1'),
        ('^([0-9]{4})([0-9]{2})([0-9]{2})([.]0*)?$', '$1-$2-$3'),
        (year_first, '$1-$2-$3'),
        (day_month_year, '$3-$2-$1'),
        (day_name_year, '$3-$2-$1'),
        (name_day_year, '$3-$1-$2'),
    ] -%}
    case
        when {{ matches(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00([.]0+)?)?') }}
            then {{ try_cast('left(' ~ t ~ ', 10)', 'date') }}
        when {{ matches(t, '[0-9]{2}/[0-9]{2}/[0-9]{4}') }}
            then {{ try_cast(
                "right(" ~ t ~ ", 4) || '-' || substr(" ~ t ~ ", 4, 2) || '-' || left(" ~ t ~ ", 2)",
                'date'
            ) }}
        when {{ is_instant }} then {{ london_date(seconds_of_instant(text)) }}
        else {{ try_cast(
            "regexp_extract(" ~ rewritten(text, steps + month_steps())
            ~ ", '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$', 0)",
            'date'
        ) }}
    end
{%- endmacro %}

{% macro month_names() %}
    {{ return([
        'JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY', 'AUGUST', 'SEPTEMBER',
        'OCTOBER', 'NOVEMBER', 'DECEMBER',
    ]) }}
{% endmacro %}

{% macro month_pattern() -%}
    {#- The name of a month, in full or its first three letters. -#}
    {%- for name in month_names() -%}
        {{ name[:3] }}{% if name[3:] %}(?:{{ name[3:] }})?{% endif %}{% if name == 'SEPTEMBER' %}|SEPT{% endif %}{% if not loop.last %}|{% endif %}
    {%- endfor -%}
{%- endmacro %}

{% macro month_steps() %}
    {#- For `rewritten`: the number of a month for its name. -#}
    {%- set steps = [] -%}
    {%- for name in month_names() -%}
        {%- do steps.append(('-' ~ name[:3] ~ '[A-Z]*-', '-' ~ '%02d' % loop.index ~ '-')) -%}
    {%- endfor -%}
    {{ return(steps) }}
{% endmacro %}

{% macro seconds_of_instant(text) -%}
    {#- Seconds since 1970 in UTC of a text that has date, time and time zone. -#}
    {{ utc_seconds(rewritten(text, [
        (
            '^([0-9]{4})-?([0-9]{2})-?([0-9]{2})[ T]([0-9]{2}):?([0-9]{2})[0-9:.,]* ?(Z|UTC|GMT|[-+][0-9:]+)$',
            '$1-$2-$3 $4:$5:00$6'
        ),
        ('(Z|UTC|GMT)$', '+00:00'),
        ('([-+][0-9]{2})$', '$1:00'),
        ('([-+][0-9]{2})([0-9]{2})$', '$1:$2'),
    ])) }}
{%- endmacro %}

{% macro london_date(seconds) -%}
    {#- The date in London at an instant. Summer time lasts from the last Sunday of March to the last
        Sunday of October, at 01:00 UTC, so it moves the date only in the last hour of a day in UTC. -#}
    {%- set utc_date = day_of_seconds(seconds) -%}
    case
        when
            {{ utc_date }} >= {{ last_sunday(utc_date, '03') }}
            and {{ utc_date }} < {{ last_sunday(utc_date, '10') }}
            then {{ day_of_seconds(seconds ~ ' + 3600') }}
        else {{ utc_date }}
    end
{%- endmacro %}

{% macro day_of_seconds(seconds) -%}
    cast('1970-01-01' as date) + cast(floor(({{ seconds }}) / 86400) as integer)
{%- endmacro %}

{% macro last_sunday(date, month) -%}
    {#- The last Sunday of a month of 31 days in the year of a date. 31 December 1899 was a Sunday. -#}
    {%- set last_day = try_cast(
        "cast(extract(year from " ~ date ~ ") as string) || '-" ~ month ~ "-31'", 'date'
    ) -%}
    {{ last_day }} - {{ days_between("cast('1899-12-31' as date)", last_day) }} % 7
{%- endmacro %}

{% macro is_month_first(t) -%}
    {#- Whether a text is a date only if day and month are the other way round: 05/13/2011, 2011-13-05.
        One such text shows that a whole column is written so. -#}
    coalesce({{ matches(
        cleaned(as_written(t)),
        '(0?[1-9]|1[0-2])[-/. ](1[3-9]|2[0-9]|3[01])[-/. ][0-9]{4}([ T:].*)?'
        ~ '|[0-9]{4}[-/. ](1[3-9]|2[0-9]|3[01])[-/. ](0?[1-9]|1[0-2])([ T:].*)?'
    ) }}, false)
{%- endmacro %}

{% macro is_hour_early(t) -%}
    {#- Whether a text is a date at 23:00 and names no time zone. So a program that keeps times in UTC
        writes the midnight of the next day in summer. -#}
    coalesce({{ matches(
        'upper(' ~ cleaned(as_written(t)) ~ ')',
        '.*[0-9][ T:]+(23(:?00){1,2}([.,:]0*)?|11(:00){0,2}([.:]0*)? ?PM)'
    ) }}, false)
{%- endmacro %}

{% macro is_plausible_date(date) -%}
    {#- False for a placeholder: a date outside the range of the variables earliest_plausible_date and
        latest_plausible_date (both included), or day zero of a program. NULL for NULL. -#}
    {{ date }} between cast('{{ var("earliest_plausible_date") }}' as date)
    and cast('{{ var("latest_plausible_date") }}' as date)
    and {{ date }} not in (cast('1960-01-01' as date), cast('1970-01-01' as date))
{%- endmacro %}
