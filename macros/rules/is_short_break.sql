{% macro is_short_break() -%}
    {#- Whether the legal status of a row is that of short breaks, V3 or V4, which the published figures
        leave out. A blank is none. -#}
    coalesce(legal_status_code in ('V3', 'V4'), false)
{%- endmacro %}
