{% macro is_need_episode() -%}
    {#- Neither closed on first sight nor found not to be in need when assessed (RC8). A blank is
        neither. -#}
    not coalesce(is_referral_nfa, false)
    and coalesce(reason_for_closure_code <> 'RC8', true)
{%- endmacro %}

{% macro has_any_plan_field() -%}
    {#- Any of the five fields that only a plan fills: the three categories of abuse, the start and
        the end. The number of previous plans is not one of them: it is about plans before. -#}
    category_of_abuse_code is not null
    or initial_category_of_abuse_code is not null
    or latest_category_of_abuse_code is not null
    or cpp_start_date is not null
    or cpp_end_date is not null
{%- endmacro %}
