{% test not_null_columns(model, columns) %}
    {#- Rows in which any of these columns is NULL. -#}
    select 1 as breach
    from {{ model }}
    where
        {% for column in columns -%}
        {% if not loop.first %}or {% endif %}{{ column }} is null
        {% endfor %}
{% endtest %}
