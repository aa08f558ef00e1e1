{% macro read_identifier(t) -%}
    {#- An identifier. `1000.0`, `1000,00`, `1,000` and `1 000` went through a number column and are 1000. -#}
    {%- set text = cleaned(as_written(t)) -%}
    case
        when {{ identifier_issue(t) }} is not null or {{ text }} = '' then null
        when {{ matches(text, '[0-9]{1,3}((,[0-9]{3})+|( [0-9]{3})+)([.]0*)?') }}
            then
                {{ rewritten(
                    "replace(replace(" ~ text ~ ", ',', ''), ' ', '')", [('[.]0*$', '')]
                ) }}
        else {{ rewritten(text, [('^([0-9]+)[.,]0*$', '$1')]) }}
    end
{%- endmacro %}

{% macro identifier_issue(t) -%}
    {#- Why a text is not an identifier. NULL where it is one, and for a blank. A program that writes a
        long number as 1.23457E+11, 1,23457E+11, 1.23457D+11, 1e+05 or 1.0E5 loses digits; 1E5 alone
        may be an identifier. Programs write -9, -99 and 0 for missing. -#}
    {%- set text = cleaned(as_written(t)) -%}
    {%- set exponent = '([.,][0-9]*[ed][-+ ]?|e[+ ]|[.,][0-9]* ?[x*×] ?10[ ^*]*)' -%}
    {%- set number = '[-+]?[0-9]+' ~ exponent ~ '[0-9]+|[-+]?inf(inity)?' -%}
    {%- set missing = [
        'missing', 'unknown', 'undefined', 'nil', 'n/k', 'tbc', 'no (data|value|identifier|reference)',
        'not ?(known|available|applicable|recorded|stated|supplied|provided|assigned)',
    ] | join('|') -%}
    case
        when {{ matches('lower(' ~ text ~ ')', number) }}
            then 'written as a number in scientific notation'
        when {{ matches(text, '-([0-9]{1,2}|9+)([.,]0*)?') }} then 'a negative number'
        when {{ matches(text, '[-+]?0+([.,]0*)?') }} then 'only zeros'
        when
            {{ text }} <> ''
            and upper({{ text }}) = lower({{ text }})
            and regexp_extract({{ text }}, '[0-9]', 0) = ''
            then 'without a letter or digit'
        when {{ matches('lower(' ~ text ~ ')', missing) }} then 'a word for missing'
        when {{ matches('lower(' ~ text ~ ')', lines_below_tables() | join('|')) }}
            then 'of a line of totals'
    end
{%- endmacro %}

{% macro lines_below_tables() %}
    {#- How lines begin that are below a table and no part of it, as patterns in lower case: totals,
        the number of rows, the end of the file, notes and sources. -#}
    {%- set ending = '([ :=(-].*)?' -%}
    {%- set rows = '(rows?|records?|lines|obs|observations?|cases|children|pupils)' -%}
    {{ return([
        '((grand|sub|column|row|overall|all)[ -]?)?totals?' ~ ending,
        '(sum|count|mean|average|median|min|max|minimum|maximum|std|obs)(:| of .*)?',
        '[(]?(total |n )?[0-9,]+ (rows?|records?|observations?|obs)([ ).].*)?',
        '(total |the )?(number|no[.]?|count) of ' ~ rows ~ ending,
        '(n|' ~ rows ~ '|' ~ rows ~ ' (selected|affected|exported|count)|row count) ?[:=] ?[0-9,]*',
        '[^a-z0-9]*(end of (the )?(file|data|extract|report|table|export)|eof|trailer)[^a-z0-9]*',
        '(source|notes?|footnotes?|copyright|disclaimer|applied filters|filters applied):?',
        '(source|notes?|footnotes?|copyright|disclaimer|applied filters|notes? [0-9]+):.*',
        '((crown )?copyright|©|[(]c[)]) .*',
        '(report )?(run|printed|produced|created|generated|exported|extracted) (on|at|:)? ?[0-9].*',
        'page [0-9]+( of [0-9]+)?',
    ]) }}
{% endmacro %}

{% macro is_plain_identifier(t) -%}
    {#- True where a text needs none of the slower steps: at least five characters, a letter or digit
        first, a digit somewhere (words for missing have none), not zeros alone, and only printable ASCII
        without white space, quotes, full stop, comma and plus. One pattern is read faster than a test
        of each. -#}
    {%- set other = '[!#-&(-*/-~-]*' -%}
    length({{ t }}) > 4
    and {{ matches(t, '0*([1-9]|[A-Za-z]' ~ other ~ '[0-9])' ~ other) }}
{%- endmacro %}
