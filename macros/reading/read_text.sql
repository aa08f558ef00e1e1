{% macro read_text(text, kind) -%}
    {#- A cleaned text (blank_to_null) as what its column holds. The kinds: `academic year` gives the
        year in which it starts, `calendar year`, `code`, `date`, `flag`, `integer`, `number`, `text`
        and `identifier`, the last two as they are. NULL where the text cannot be read as that. -#}
    {%- if kind == 'academic year' -%} {{ read_academic_year_start(text) }}
    {%- elif kind == 'calendar year' -%} {{ read_calendar_year(text) }}
    {%- elif kind == 'code' -%} {{ clean_code(text) }}
    {%- elif kind == 'date' -%} {{ read_date(text) }}
    {%- elif kind == 'flag' -%} {{ read_flag(text) }}
    {%- elif kind == 'integer' -%} {{ read_integer(text) }}
    {%- elif kind == 'number' -%} {{ read_number(text) }}
    {%- elif kind in ('text', 'identifier') -%} {{ text }}
    {%- else -%} {{ exceptions.raise_compiler_error("read_text knows no kind " ~ kind) }}
    {%- endif -%}
{%- endmacro %}
