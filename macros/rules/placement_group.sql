{% macro placement_group(published_group, foster_carer_type) -%}
    coalesce({{ published_group }} || ': ' || {{ foster_carer_type }}, {{ published_group }})
{%- endmacro %}
