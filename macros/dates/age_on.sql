{% macro age_on(date, pupils) -%}
    {#- Age in full years on a date, from year_of_birth and month_of_birth of the alias `pupils`. The
        day of birth is not delivered: in the month of birth the birthday counts as past. NULL where
        the date, the year or the month is not known. -#}
    cast(
        extract(year from {{ date }}) - {{ pupils }}.year_of_birth
        - case
            when extract(month from {{ date }}) < {{ pupils }}.month_of_birth then 1
            when {{ pupils }}.month_of_birth is not null then 0
        end as integer
    )
{%- endmacro %}
