{% macro is_disputed(column) -%}
    {#- True where the filled values of a group differ. False where they are alike or all blank. A
        blank next to a value is not a disagreement. To compare two extremes is much faster than to
        count different values. -#}
    coalesce(min({{ column }}) <> max({{ column }}), false)
{%- endmacro %}
