{% macro referral_mark(cin) -%}
    {#- Text that identifies a referral among the rows of a pupil: its date, or else the year. `cin` is
        the alias of rows of the children in need extract. -#}
    case
        when {{ cin }}.referral_date is not null then cast({{ cin }}.referral_date as string)
        else coalesce('year ' || {{ cin }}.academic_year, 'year not known')
    end
{%- endmacro %}
