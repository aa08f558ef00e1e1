{% macro read_identifier(t) -%}
    {#- An identifier. Nearly every cell is plain (at least five characters, no white space, full stop
        or plus sign), so the first branch returns it without the slower steps. -#}
    {%- set text = clean_text(t) -%}
    case
        when
            length({{ t }}) > 4
            and (
                left({{ t }}, 1) between '0' and '9'
                or upper(left({{ t }}, 1)) between 'A' and 'Z'
            )
            and right({{ t }}, 1) between '!' and '~'
            and not contains({{ t }}, '.')
            and not contains({{ t }}, '+')
            then {{ t }}
        when {{ identifier_issue(t) }} is not null then null
        else {{ rewritten(text, [('^([0-9]+)[.]0*$', '$1')]) }}
    end
{%- endmacro %}

{% macro is_scientific(text) -%}
    {#- Whether a program wrote a long number as 1.23457E+11, 1e+05 or 1.0E5. Its digits are lost. 1E5
        alone may be an identifier. -#}
    {{ matches(text, '[-+]?[0-9]+([.][0-9]*[eE][-+]?|[eE][+])[0-9]+') }}
{%- endmacro %}

{% macro identifier_issue(t) -%}
    {#- Why a text is no identifier. NULL where it is one, and for a blank. -#}
    {%- set text = clean_text(t) -%}
    case
        when {{ is_scientific(text) }}
            then 'written as a number in scientific notation'
        when
            upper({{ text }}) = lower({{ text }})
            and regexp_extract({{ text }}, '[0-9]', 0) = ''
            then 'without a letter or digit'
    end
{%- endmacro %}
