{% macro latest_known(column, recency) -%}
    {#- Within a group, the value of the row with the smallest recency in which the column is filled;
        NULL where it never is. -#}
    min_by({{ column }}, {{ recency }}) filter (where {{ column }} is not null)
{%- endmacro %}
