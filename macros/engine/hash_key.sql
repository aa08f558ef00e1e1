{% macro hash_key(columns) %}
    {#- A key made of the natural key: the same rows have the same key in every load, in any order
        of rows and on either engine. NULL where any part is NULL. -#}
    {{ return(adapter.dispatch('hash_key', 'social_care_warehouse')(columns)) }}
{% endmacro %}

{% macro default__hash_key(columns) -%}
    md5(
        {%- for column in columns %}
        cast({{ column }} as string){% if not loop.last %} || '|' ||{% endif %}
        {%- endfor %}
    )
{%- endmacro %}
