{% test text_matches(model, columns, pattern) %}
    {#- Rows in which any of these columns is not wholly of the form of the regular expression (as
        the macro `matches` reads one). NULL passes. -#}
    select 1 as breach
    from {{ model }}
    where
        {% for column in columns -%}
        {% if not loop.first %}or {% endif %}not {{ matches(column, pattern) }}
        {% endfor %}
{% endtest %}
