{% macro rewritten(expression, steps) %}
    {#- The text after each step (pattern, replacement) in turn. A text that does not match a pattern
        passes that step unchanged. In a replacement $1 is the first group of the pattern. -#}
    {%- set state = namespace(text=expression) -%}
    {%- for pattern, replacement in steps -%}
        {%- set state.text = adapter.dispatch('rewritten_once', 'social_care_warehouse')(
            state.text, pattern, replacement
        ) -%}
    {%- endfor -%}
    {{ return(state.text) }}
{% endmacro %}

{% macro default__rewritten_once(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement | replace("$", "\\") }}')
{%- endmacro %}

{% macro spark__rewritten_once(expression, pattern, replacement) -%}
    {#- As in spark__matches: Java's $ also fits before a line break at the end. -#}
    {%- set ends_text = pattern.endswith('$') -%}
    {%- set pattern = pattern[:-1] ~ '(?s:(?!.))' if ends_text else pattern -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}
