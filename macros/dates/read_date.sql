{% macro read_date(text) -%}
    {#- A day, in any form in which these extracts write one: 2005-04-01, with or without a time;
        01/04/2005, always day first; 01APR2005 and 01-Apr-2005. NULL for a blank, for any other
        form, and for a day that does not exist (30 February). -#}
    {%- set compact = "upper(replace(" ~ text ~ ", '-', ''))" -%}
    {%- set time = '([ T:][0-9:.]+)?' -%}
    {%- set iso_text -%}
        case
            when {{ matches(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}' ~ time) }} then left({{ text }}, 10)
            when {{ matches(text, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}' ~ time) }}
                then left(split_part({{ text }}, '/', 3), 4)
                    || '-' || lpad(split_part({{ text }}, '/', 2), 2, '0')
                    || '-' || lpad(split_part({{ text }}, '/', 1), 2, '0')
            when {{ matches(text, '[0-9]{2}-?[A-Za-z]{3}-?[0-9]{4}' ~ time) }}
                then substr({{ compact }}, 6, 4)
                    || '-' || {{ month_number('substr(' ~ compact ~ ', 3, 3)') }}
                    || '-' || left({{ text }}, 2)
        end
    {%- endset -%}
    {{ try_cast(iso_text, 'date') }}
{%- endmacro %}

{% macro month_number(name) -%}
    {#- '01' to '12' for the first three letters of an English month in capitals; NULL otherwise. -#}
    case {{ name }}
        {%- for month in ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] %}
        when '{{ month }}' then '{{ '%02d' % loop.index }}'
        {%- endfor %}
    end
{%- endmacro %}

{% macro plausible_date(date) -%}
    {#- The date, or NULL where it lies outside the range of the variables earliest_plausible_date
        and latest_plausible_date (both included): a placeholder, not a day. -#}
    case
        when
            {{ date }} between cast('{{ var("earliest_plausible_date") }}' as date)
            and cast('{{ var("latest_plausible_date") }}' as date)
            then {{ date }}
    end
{%- endmacro %}

{% macro plausible_period_start(period_start, episode_start) -%}
    {#- The start of a period of care, or NULL where it is no plausible date or lies 19 years or more
        before an episode of the period: nobody is looked after for longer than a childhood. A placeholder
        for the start of the episode says nothing of that. -#}
    case
        when
            coalesce({{ days_between(period_start, plausible_date(episode_start)) }} < 19 * 365, true)
            then {{ plausible_date(period_start) }}
    end
{%- endmacro %}
