{% macro create_function(function) %}
    {#- Stores a function of one text `t` in the database. `function` has a name, the type that the
        function returns, its expression and a description. -#}
    {{ return(adapter.dispatch('create_function', 'social_care_warehouse')(function)) }}
{% endmacro %}

{% macro default__create_function(function) -%}
    {%- do run_query(
        'create or replace macro ' ~ function.name ~ '(t) as ' ~ function.expression
    ) -%}
    {%- do run_query(
        'comment on macro ' ~ function.name ~ " is '" ~ function.description ~ "'"
    ) -%}
{%- endmacro %}

{% macro spark__create_function(function) -%}
    {%- do run_query(
        'create or replace function ' ~ function.name ~ '(t string) returns ' ~ function.type
        ~ " comment '" ~ function.description ~ "' return " ~ function.expression
    ) -%}
{%- endmacro %}
