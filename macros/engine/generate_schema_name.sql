{% macro generate_schema_name(custom_schema_name, node) %}
    {#- Schemas are named for their layer alone, so that SQL written by a reader works on every
        build: marts.care_episode, never main_marts.care_episode. -#}
    {{- (custom_schema_name or target.schema) | trim -}}
{% endmacro %}
