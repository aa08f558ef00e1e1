{% macro read_flag(t) -%}
    {#- Yes and no as these extracts write them: a word, or a number that is 0 or else 1 or -1. NULL
        for a blank and for anything else (2, 9, 0.5, 1.0004), which is unknown, not false. -#}
    case lower({{ clean_text(as_written(t)) }})
        when 'true' then true
        when 't' then true
        when 'yes' then true
        when 'y' then true
        when 'false' then false
        when 'f' then false
        when 'no' then false
        when 'n' then false
        else
            case
                when {{ matches(clean_text(as_written(t)), '[-+]?0*1([.]0*)?') }} then true
                when {{ matches(clean_text(as_written(t)), '[-+]?(0+([.]0*)?|[.]0+)') }} then false
            end
    end
{%- endmacro %}
