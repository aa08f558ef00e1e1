{% macro is_disputed(column) -%}
    {#- True where the filled values of a group differ; false where they are alike, or there are none.
        A blank beside a value is no disagreement. Two extremes are told much faster than different
        values are counted. -#}
    coalesce(min({{ column }}) <> max({{ column }}), false)
{%- endmacro %}
