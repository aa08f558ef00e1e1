{% macro is_need_episode(
    is_referral_nfa='is_referral_nfa', reason_for_closure_code='reason_for_closure_code'
) -%}
    {#- Whether a referral led to help: neither closed with no further action nor, when assessed, found
        not to be in need (RC8). A blank counts as neither. -#}
    not coalesce({{ is_referral_nfa }}, false)
    and coalesce({{ reason_for_closure_code }} <> 'RC8', true)
{%- endmacro %}

{% macro has_any_plan_field(columns=[
    'category_of_abuse_code',
    'initial_category_of_abuse_code',
    'latest_category_of_abuse_code',
    'cpp_start_date',
    'cpp_end_date',
]) -%}
    {#- Whether any of the columns that only a plan fills is filled. -#}
    ({{ columns | join(' is not null or ') }} is not null)
{%- endmacro %}
