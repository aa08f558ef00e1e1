{% macro is_need_episode(is_referral_nfa, reason_for_closure_code) -%}
    not coalesce({{ is_referral_nfa }}, false)
    and coalesce({{ reason_for_closure_code }} not in ('RC8', 'RC9'), true)
{%- endmacro %}

{% macro has_any_plan_field(columns) -%}
    ({{ columns | join(' is not null or ') }} is not null)
{%- endmacro %}
