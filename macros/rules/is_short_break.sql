{% macro is_short_break(legal_status_code) -%}
    coalesce({{ legal_status_code }} in ('V3', 'V4'), false)
{%- endmacro %}
