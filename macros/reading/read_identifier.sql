{% macro read_identifier(t) -%}
    {#- An identifier. `1000.0` went through a number column and is 1000. -#}
    case
        when {{ identifier_issue(t) }} is null
            then {{ rewritten(clean_text(t), [('^([0-9]+)[.]0*$', '$1')]) }}
    end
{%- endmacro %}

{% macro identifier_issue(t) -%}
    {#- Why a text is not an identifier. NULL where it is one, and for a blank. A program that writes a
        long number as 1.23457E+11, 1e+05 or 1.0E5 loses digits; 1E5 alone may be an identifier. -#}
    {%- set text = clean_text(t) -%}
    case
        when {{ matches(text, '[-+]?[0-9]+([.][0-9]*[eE][-+]?|[eE][+])[0-9]+') }}
            then 'written as a number in scientific notation'
        when
            upper({{ text }}) = lower({{ text }})
            and regexp_extract({{ text }}, '[0-9]', 0) = ''
            then 'without a letter or digit'
    end
{%- endmacro %}

{% macro is_plain_identifier(t) -%}
    {#- True where a text needs none of the slower steps: at least five characters (the words for
        missing that begin with a letter have four), a letter or digit first, and only printable ASCII
        without white space, full stop and plus. One pattern is read faster than a test of each. -#}
    length({{ t }}) > 4 and {{ matches(t, '[0-9A-Za-z][!-*,/-~-]*') }}
{%- endmacro %}
