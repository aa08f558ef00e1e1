{% macro read_identifier(t) -%}
    {#- An identifier. `1000.0`, `1000,00` and `1,000` went through a number column and are 1000. -#}
    {%- set text = identifier_as_written(t) -%}
    case
        when {{ identifier_issue(t) }} is not null then null
        when {{ matches(text, '[0-9]{1,3}(,[0-9]{3})+([.]0*)?') }}
            then {{ rewritten("replace(" ~ text ~ ", ',', '')", [('[.]0*$', '')]) }}
        else {{ rewritten(text, [('^([0-9]+)[.,]0*$', '$1')]) }}
    end
{%- endmacro %}

{% macro identifier_as_written(t) -%}
    {#- The text of an identifier without characters that nobody sees, and without what spreadsheets
        put around a number to keep it a text: `="1000"` and a leading apostrophe. Wide digits
        become plain ones. -#}
    {%- set characters -%}
        translate({{ t }}, '０１２３４５６７８９{{ invisible_characters() }}', '0123456789')
    {%- endset -%}
    {%- set text = rewritten(clean_text(characters), [('^=?"(.*)"$', '$1')]) -%}
    {{ clean_text(
        "case when left(" ~ text ~ ", 1) = chr(39) then substr(" ~ text ~ ", 2) else " ~ text ~ " end"
    ) }}
{%- endmacro %}

{% macro identifier_issue(t) -%}
    {#- Why a text is not an identifier. NULL where it is one, and for a blank. A program that writes a
        long number as 1.23457E+11, 1,23457E+11, 1e+05 or 1.0E5 loses digits; 1E5 alone may be an
        identifier. Programs write -9 and -99 for missing, and lines of totals or of the number of rows
        below a table. -#}
    {%- set text = identifier_as_written(t) -%}
    {%- set number = '[-+]?[0-9]+([.,][0-9]*e[-+]?|e[+])[0-9]+|[-+]?inf(inity)?' -%}
    {%- set total = '((grand|sub|column|row|overall|all)[ -]?)?totals?([ :=(-].*)?' -%}
    {%- set n_rows = '[(]?(total |n )?[0-9,]+ (rows?|records?|observations?|obs)([ ).].*)?' -%}
    case
        when {{ matches('lower(' ~ text ~ ')', number) }}
            then 'written as a number in scientific notation'
        when {{ matches(text, '-([0-9]{1,2}|9+)([.,]0*)?') }} then 'a negative number'
        when
            upper({{ text }}) = lower({{ text }})
            and regexp_extract({{ text }}, '[0-9]', 0) = ''
            then 'without a letter or digit'
        when {{ matches('lower(' ~ text ~ ')', total ~ '|' ~ n_rows) }} then 'of a line of totals'
    end
{%- endmacro %}

{% macro is_plain_identifier(t) -%}
    {#- True where a text needs none of the slower steps: at least five characters, a letter or digit
        first, a digit somewhere (words for missing have none), and only printable ASCII without white
        space, full stop, comma and plus. One pattern is read faster than a test of each. -#}
    {%- set other = '[!-*/-~-]*' -%}
    length({{ t }}) > 4
    and {{ matches(t, '([0-9]|[A-Za-z]' ~ other ~ '[0-9])' ~ other) }}
{%- endmacro %}
