{% macro contact_order(earliest_date, latest_date, has_justice, justice_date, is_observed) -%}
    {#- Which came first, social care or the justice system. The contact lies between two dates, which are
        equal where its day is known. Without an offence the answer needs an observed window, and without a
        date of an offence the order is not determined. -#}
    case
        when {{ has_justice }} and {{ latest_date }} is null then 'justice only'
        when {{ has_justice }} and {{ justice_date }} < {{ earliest_date }} then 'justice first'
        when
            {{ has_justice }}
            and {{ justice_date }} >= {{ years_later(latest_date, 1) }}
            then 'social care first by a year or more'
        when {{ has_justice }} and {{ justice_date }} > {{ latest_date }}
            then 'social care first by less than a year'
        when {{ has_justice }} then 'same day or not determined'
        when {{ is_observed }} and {{ latest_date }} is not null then 'social care only'
        when {{ is_observed }} then 'neither'
    end
{%- endmacro %}

{% macro earliest_day_in(academic_year) -%}
    {#- The first day of the reporting year that a text names; a day before every other where it names none. -#}
    coalesce(
        {{ reporting_year_start(reporting_year_named(academic_year)) }},
        cast('1900-01-01' as date)
    )
{%- endmacro %}

{% macro latest_day_in(academic_year) -%}
    {#- The last day of the reporting year that a text names; a day after every other where it names none. -#}
    coalesce(
        {{ reporting_year_end(reporting_year_named(academic_year)) }},
        cast('2999-12-31' as date)
    )
{%- endmacro %}
