{% macro school_year_start_of(date) -%}
    {#- The calendar year in which the school year of a date starts (integer): 31 August 2006 belongs to
        2005/2006, 1 September 2006 to the next. NULL for NULL. -#}
    cast(
        extract(year from {{ date }})
        - case when extract(month from {{ date }}) < 9 then 1 else 0 end as integer
    )
{%- endmacro %}
