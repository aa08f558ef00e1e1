{% macro blank_to_null(column) -%}
    {#- The text without white space at its ends; NULL where nothing is left, or only one of the
        tokens that stand for "nothing" in these extracts: NULL, NA, N/A and a full stop.
        Nearly every value is either blank or plain, and trimming a list of characters is much
        slower than seeing that there is nothing to trim: so the plain ones are told first. -#}
    case
        when {{ column }} in ('', ' ') then null
        when {{ matches(column, '[!-~](.*[!-~])?') }} then {{ token_to_null(column) }}
        else {{ token_to_null(trim_white_space(column)) }}
    end
{%- endmacro %}

{% macro token_to_null(text) -%}
    case when upper({{ text }}) in ('', 'NULL', 'NA', 'N/A', '.') then null else {{ text }} end
{%- endmacro %}

{% macro trim_white_space(column) -%}
    trim(both {{ white_space() }} from {{ column }})
{%- endmacro %}

{% macro white_space() -%}
    {#- Every character that Unicode counts as white space or that is invisible in a cell: the
        plain ones, no-break, typographic and ideographic spaces, zero-width ones, byte order mark. -#}
    {%- set code_points = [9, 10, 11, 12, 13, 133, 160, 5760]
        + range(8192, 8206) | list
        + [8232, 8233, 8239, 8287, 8288, 12288, 65279] -%}
    (' '{% for code_point in code_points %} || chr({{ code_point }}){% endfor %})
{%- endmacro %}
