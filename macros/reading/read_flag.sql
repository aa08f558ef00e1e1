{% macro read_flag(text) -%}
    {#- Yes and no as these extracts write them: 0/1, 0.0/1.0, true/false, Y/N, in any case. NULL
        for a blank and for anything else (the dictionary's 2, 9 …). -#}
    case
        when lower({{ text }}) in ('1', '1.0', 'true', 't', 'yes', 'y') then true
        when lower({{ text }}) in ('0', '0.0', 'false', 'f', 'no', 'n') then false
    end
{%- endmacro %}
