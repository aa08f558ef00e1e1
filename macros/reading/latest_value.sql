{% macro latest_value(column, year, type, condition) -%}
    {#- Within a group, of the rows for which the condition holds, the value of the column in the latest
        year, blank or not, as the type. Where that year has several values, the last in the alphabet.
        `year` is a column of academic years, which all have nine characters: to compare one text of year
        and value costs far less than to order the rows. -#}
    {%- set text -%}
        max(coalesce({{ year }}, '0000/0000') || coalesce(cast({{ column }} as string), ''))
            filter (where {{ condition }})
    {%- endset -%}
    {{ try_cast("nullif(substr(" ~ text ~ ", 10), '')", type) }}
{%- endmacro %}

{% macro latest_filled(column, year, condition) -%}
    {#- The same for a column of text, of the latest year in which it is filled; NULL where it never is. -#}
    substr(max(coalesce({{ year }}, '0000/0000') || {{ column }}) filter (where {{ condition }}), 10)
{%- endmacro %}

{% macro earliest_filled(column, year, condition) -%}
    {#- The value of a column of text in the earliest year in which it is filled, the first in the
        alphabet where that year has several; NULL where it never is. -#}
    substr(min(coalesce({{ year }}, '9999/9999') || {{ column }}) filter (where {{ condition }}), 10)
{%- endmacro %}
