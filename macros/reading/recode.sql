{% macro recode(code, joined) -%}
    {#- The listed code for a delivered one that the seed code_recodes names (NULL where the seed says
        that it means nothing), else the code as delivered. `joined` is the alias of join_recodes. -#}
    case when {{ joined }}.delivered_code is null then {{ code }} else {{ joined }}.code end
{%- endmacro %}

{% macro join_recodes(recodes, dataset, column, joined, code) -%}
    {#- Joins the recodes of one column of one dataset by the expression of the delivered code. `recodes` is
        the seed code_recodes. -#}
    left join {{ recodes }} as {{ joined }}
        on
            {{ joined }}.dataset = '{{ dataset }}'
            and {{ joined }}.column_name = '{{ column }}'
            and {{ joined }}.delivered_code = {{ code }}
{%- endmacro %}

{% macro recode_issue(joined) -%}
    {#- The issue of a code that recode replaced. -#}
    case when {{ joined }}.delivered_code is not null then 'recoded' end
{%- endmacro %}
