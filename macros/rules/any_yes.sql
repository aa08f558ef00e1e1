{% macro any_yes(answer, is_unreadable) -%}
    case
        when bool_or({{ answer }}) then true
        when not coalesce(bool_or({{ is_unreadable }}), false) then false
    end
{%- endmacro %}
