{% macro matches(expression, pattern) %}
    {#- True where the whole text fits the regular expression; NULL for NULL. Write classes as
        [0-9], never with a backslash, which engines escape differently. -#}
    {{ return(adapter.dispatch('matches', 'social_care_warehouse')(expression, pattern)) }}
{% endmacro %}

{% macro default__matches(expression, pattern) -%}
    regexp_full_match({{ expression }}, '{{ pattern }}')
{%- endmacro %}
