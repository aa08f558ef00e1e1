{% macro blank_to_null(column) -%}
    {#- The text without white space at its ends; NULL where nothing is left, or only one of the
        tokens that stand for "nothing" in these extracts: NULL, NA, N/A and a full stop.
        Nearly every value is either blank or plain, and trimming a list of characters is much
        slower than seeing that there is nothing to trim: so the plain ones are told first. -#}
    case
        when {{ column }} = '' or {{ column }} = ' ' then null
        when
            left({{ column }}, 1) between '!' and '~' and right({{ column }}, 1) between '!' and '~'
            then {{ token_to_null(column) }}
        else {{ token_to_null(trim_white_space(column)) }}
    end
{%- endmacro %}

{% macro token_to_null(text) -%}
    {#- Most texts are longer than any of the tokens, which is seen at once. Compared one by one, since
        DuckDB makes a join of a longer list of values and then trims every text for it. -#}
    case
        when
            length({{ text }}) < 5
            and (
                {{ text }} = ''
                {%- for token in ['NULL', 'NA', 'N/A', '.'] %}
                or upper({{ text }}) = '{{ token }}'
                {%- endfor %}
            )
            then null
        else {{ text }}
    end
{%- endmacro %}

{% macro trim_white_space(column) -%}
    trim(both {{ white_space() }} from {{ column }})
{%- endmacro %}

{% macro white_space() -%}
    {#- Every character that Unicode counts as white space or that is invisible in a cell: the
        plain ones, no-break, typographic and ideographic spaces, zero-width ones, byte order mark.
        As they are: chr() gives other characters on other engines. -#}
    '{{ " \t\n\x0b\x0c\r\x85\xa0\u1680" -}}
    {{ "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d" -}}
    {{ "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" }}'
{%- endmacro %}
