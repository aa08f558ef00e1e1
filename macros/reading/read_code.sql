{% macro read_code(t) -%}
    {#- A code as the code lists write it: upper case, no spaces inside, `301` for `301.0`, `C2` for
        `C2 - Full care order`. A text is cut at a separator only where a code comes before it. -#}
    {%- set with_digit = '-?[A-Z]{0,3} *[0-9]{1,8}[A-Z]{0,2}' -%}
    {%- set code = rewritten('upper(' ~ cleaned(as_written(t)) ~ ')', [
        ('^[–—−]([0-9])', '-$1'),
        ('^(' ~ with_digit ~ '|[A-Z]{1,4})( +[-–—=] | *[:(=]).*$', '$1'),
        ('^(' ~ with_digit ~ ')[-–—][A-Z][A-Z].*$', '$1'),
    ]) -%}
    nullif({{ rewritten("replace(" ~ code ~ ", ' ', '')", [('^(-?[0-9]+)[.]0*$', '$1')]) }}, '')
{%- endmacro %}

{% macro read_year_group_code(t) -%}
    {#- The code of a year group as the list nc_year writes it: `7` for `07`, `Y7` and `Year 7`. -#}
    {{ rewritten(read_code(t), [('^(?:Y|YEAR|NC)?0*([0-9]+)$', '$1')]) }}
{%- endmacro %}
