{% macro read_flag(t) -%}
    {#- Yes and no as these extracts write them: a word, or a number that is 0 or else 1 or -1. NULL
        for a blank and for anything else (2, 9, 0.5, 1.0004), which is unknown, not false. -#}
    {%- set text = 'lower(' ~ cleaned(as_written(t)) ~ ')' -%}
    case
        when {{ matches(text, 'true|t|yes|y|[-+]?0*1([.]0*)?') }} then true
        when {{ matches(text, 'false|f|no|n|[-+]?(0+([.]0*)?|[.]0+)') }} then false
    end
{%- endmacro %}
