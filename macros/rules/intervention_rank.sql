{% macro intervention_rank(definition, evidence) -%}
    case
        when
            {{ evidence }}.in_cla
            and (
                {{ definition }}.looked_after_rule = 'any row'
                or (
                    {{ definition }}.looked_after_rule
                    in ('not only short breaks', 'short breaks as need')
                    and not {{ evidence }}.is_short_breaks_only
                )
            )
            then 4
        when
            case {{ definition }}.plan_rule
                when 'either method'
                    then {{ evidence }}.cpp_by_abuse_category or {{ evidence }}.cpp_by_previous_plans
                when 'either method as delivered'
                    then
                        {{ evidence }}.cpp_by_abuse_category_as_delivered
                        or {{ evidence }}.cpp_by_previous_plans
                when 'abuse category' then {{ evidence }}.cpp_by_abuse_category
                when 'previous plans' then {{ evidence }}.cpp_by_previous_plans
                when 'plan start' then {{ evidence }}.cpp_by_plan_start
                when 'any plan field' then {{ evidence }}.cpp_by_any_plan_field
            end
            then 3
        when
            case {{ definition }}.need_rule
                when '31 March' then {{ evidence }}.is_child_in_need
                when 'assessed in need' then {{ evidence }}.is_assessed_in_need
                when 'any record' then {{ evidence }}.in_cin
            end
            then 2
        when {{ evidence }}.in_cla and {{ definition }}.looked_after_rule = 'short breaks as need' then 2
        when {{ evidence }}.in_cin then 1
        else 0
    end
{%- endmacro %}
