{% macro date_not_before(reading, earliest) -%}
    {#- The date of a reading (alias), or NULL where it lies before the earliest possible date. -#}
    case when {{ reading }}.date_value < {{ earliest }} then null else {{ reading }}.date_value end
{%- endmacro %}

{% macro issue_if_before(reading, earliest) -%}
    {#- The issue of a date that date_not_before removes, else the issue of its reading (alias). -#}
    case
            when {{ reading }}.date_value < {{ earliest }} then 'outside the plausible range'
            else {{ reading }}.issue
        end
{%- endmacro %}
