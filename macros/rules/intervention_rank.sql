{% macro intervention_rank(
    looked_after_rule,
    plan_rule,
    need_rule,
    in_cla,
    in_cin,
    is_short_breaks_only,
    cpp_by_abuse_category,
    cpp_by_abuse_category_as_delivered,
    cpp_by_previous_plans,
    cpp_by_plan_start,
    cpp_by_any_plan_field,
    is_child_in_need,
    is_assessed_in_need
) -%}
    case
        when
            {{ in_cla }}
            and (
                {{ looked_after_rule }} = 'any row'
                or (
                    {{ looked_after_rule }}
                    in ('not only short breaks', 'short breaks as need')
                    and not {{ is_short_breaks_only }}
                )
            )
            then 4
        when
            case {{ plan_rule }}
                when 'either method'
                    then {{ cpp_by_abuse_category }} or {{ cpp_by_previous_plans }}
                when 'either method as delivered'
                    then
                        {{ cpp_by_abuse_category_as_delivered }}
                        or {{ cpp_by_previous_plans }}
                when 'abuse category' then {{ cpp_by_abuse_category }}
                when 'previous plans' then {{ cpp_by_previous_plans }}
                when 'plan start' then {{ cpp_by_plan_start }}
                when 'any plan field' then {{ cpp_by_any_plan_field }}
            end
            then 3
        when
            case {{ need_rule }}
                when '31 March' then {{ is_child_in_need }}
                when 'assessed in need' then {{ is_assessed_in_need }}
                when 'any record' then {{ in_cin }}
            end
            then 2
        when {{ in_cla }} and {{ looked_after_rule }} = 'short breaks as need' then 2
        when {{ in_cin }} then 1
        else 0
    end
{%- endmacro %}
