{% macro matches(expression, pattern) %}
    {#- True where the whole text fits the regular expression; NULL for NULL. Write classes as
        [0-9], never with a backslash, which engines escape differently. -#}
    {{ return(adapter.dispatch('matches', 'social_care_warehouse')(expression, pattern)) }}
{% endmacro %}

{% macro default__matches(expression, pattern) -%}
    regexp_full_match({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(expression, pattern) -%}
    {#- Java's full stop does not match four more characters that end a line (hence the d), and
        its $ also fits before a line break at the end (hence "no character follows"). -#}
    ({{ expression }} rlike '(?d)^(?:{{ pattern }})(?s:(?!.))')
{%- endmacro %}

{% macro without_matches(expression, pattern) %}
    {#- The text without each stretch that fits the regular expression; NULL for NULL. -#}
    {{ return(adapter.dispatch('without_matches', 'social_care_warehouse')(expression, pattern)) }}
{% endmacro %}

{% macro default__without_matches(expression, pattern) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '', 'g')
{%- endmacro %}

{% macro spark__without_matches(expression, pattern) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '')
{%- endmacro %}
