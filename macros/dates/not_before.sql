{% macro not_before(date, earliest) -%}
    {#- The date, or NULL where it lies before the earliest possible one. -#}
    case when coalesce({{ date }} >= {{ earliest }}, true) then {{ date }} end
{%- endmacro %}

{% macro issue_if_before(date, earliest) -%}
    {#- The issue of a date that not_before removed, else the issue of its reading (<date>_issue). -#}
    case
        when {{ date }} < {{ earliest }} then 'outside the plausible range'
        else {{ date }}_issue
    end
{%- endmacro %}
