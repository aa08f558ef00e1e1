{% macro clean_text(t) -%}
    {#- The text without white space at its ends. NULL where nothing is left, or only a word that a
        program writes for a missing value. -#}
    nullif({{ cleaned(t) }}, '')
{%- endmacro %}

{% macro cleaned(t) -%}
    {#- As clean_text, but empty instead of NULL. It names `t` once: the functions that read a text
        contain this one, and an engine needs long to plan a long expression. -#}
    {%- set pattern = '(?i)^(?:' ~ missing_words() | join('|') ~ ')$' -%}
    {{ rewritten('trim(both ' ~ white_space() ~ ' from ' ~ t ~ ')', [(pattern, '')]) }}
{%- endmacro %}

{% macro as_written(t) -%}
    {#- The text as a person wrote it: without characters that nobody sees, and without what programs
        put around a value. Spreadsheets keep a number a text by ="1" or a leading apostrophe, Python
        writes b'1', SQL and R write '1' or "1". Wide digits become plain ones. A text that begins with
        no quote keeps every quote in it. -#}
    {%- set plain -%}
        trim(both {{ white_space() }} from translate(
            {{ t }}, '{{ "\xa0" }}０１２３４５６７８９{{ invisible_characters() }}', ' 0123456789'
        ))
    {%- endset -%}
    {%- set quotes = '"`´‘’“”„' ~ character_in_text(39) -%}
    {{ rewritten(plain, [
        ('^[=bB]?[' ~ quotes ~ '](.*)[' ~ quotes ~ ']$', '$1'),
        ('^[' ~ quotes ~ ']([^' ~ quotes ~ ']*)$', '$1'),
    ]) }}
{%- endmacro %}

{% macro character_in_text(code) -%}
    {#- Inside a text of SQL: a character that engines escape differently, the quote (39) or the
        backslash (92). -#}
    ' || chr({{ code }}) || '
{%- endmacro %}

{% macro missing_words() %}
    {#- What programs write for a missing value, as patterns in lower case. SQL programs write a
        backslash and N. -#}
    {%- set backslash = character_in_text(92) -%}
    {{ return([
        'null', 'na', 'n/a', '-?nan', 'nat', 'none', 'n[.]a[.]?', 'pd[.]na', 'na_[a-z]+_',
        '[^a-z0-9](null|na|nan|none|missing|blank)[^a-z0-9]',
        '-?1[.]#(qnan|snan|ind|inf|j)(00)?',
        '-?nan[(].*[)]',
        '#n/a( n/a)?', '#null!', '#value!', '#ref!', '#name[?]', '#num!', '#div/0!', '#####*',
        '#(spill|calc|field|busy|blocked|connect|unknown|python|external)!', '#getting_data',
        '[.]+', '[.][a-z_]', '[-–—−]+',
        backslash ~ backslash ~ 'n',
    ]) }}
{% endmacro %}

{% macro white_space() -%}
    {#- Every character that Unicode counts as white space or that is invisible in a cell. Written as
        they are, because chr() gives other characters on other engines. -#}
    '{{ " \t\n\x0b\x0c\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" -}}
    {{ "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000" ~ invisible_characters() }}'
{%- endmacro %}

{% macro invisible_characters() -%}
    {#- Characters without width: joiners, byte order marks, soft hyphens, marks of direction and of
        form. Copying from a web page or a spreadsheet brings them along. -#}
    {{ "\u200b\u200c\u200d\u2060\ufeff\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200e\u200f" -}}
    {{ "\u202a\u202b\u202c\u202d\u202e\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069" -}}
    {{ "\u3164\ufe0e\ufe0f\uffa0" }}
{%- endmacro %}
