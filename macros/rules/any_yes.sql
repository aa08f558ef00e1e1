{% macro any_yes(answer, is_unreadable) -%}
    {#- Whether any row of a group answers yes. An answer that cannot be read is unknown: without a yes,
        one such row makes the whole group unknown (NULL). A blank answers no. -#}
    case
        when bool_or({{ answer }}) then true
        when not coalesce(bool_or({{ is_unreadable }}), false) then false
    end
{%- endmacro %}
