{% macro one_yes(answers) -%}
    {#- One yes of several answers is enough. Without a yes one no makes it no, and NULL means that all are blank. -#}
    coalesce({{ answers | join(' or ') }}, {{ answers | join(', ') }})
{%- endmacro %}
