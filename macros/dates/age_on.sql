{% macro age_on(date, pupils) -%}
    {#- Age in full years on a date, from year_of_birth and month_of_birth of the alias `pupils`. The
        day of birth is not delivered: in the month of birth the birthday counts as past. NULL where
        the date, the year or the month is not known. -#}
    {{ age_in('extract(year from ' ~ date ~ ')', 'extract(month from ' ~ date ~ ')', pupils) }}
{%- endmacro %}

{% macro age_in(year, month, pupils) -%}
    {#- Age in full years at the end of a month, from the same two columns of the alias `pupils`. NULL
        where one of the four is not known. -#}
    cast(
        {{ year }} - {{ pupils }}.year_of_birth
        - case
            when {{ month }} < {{ pupils }}.month_of_birth then 1
            when {{ pupils }}.month_of_birth is not null then 0
        end as integer
    )
{%- endmacro %}
