{% macro recode(column, joined) -%}
    {#- The listed code for a delivered one that the seed code_recodes names (NULL where the seed
        says that it stands for nothing), else the code as delivered. `joined` is the alias under
        which join_recodes joined the seed for this column. -#}
    case when {{ joined }}.delivered_code is null then {{ column }} else {{ joined }}.code end
{%- endmacro %}

{% macro join_recodes(dataset, column, joined, table) -%}
    {#- Joins the recodes of one column of one dataset to `table`, which holds the code as delivered
        under delivered_<column>. -#}
    left join {{ ref('code_recodes') }} as {{ joined }}
        on
            {{ joined }}.dataset = '{{ dataset }}'
            and {{ joined }}.column_name = '{{ column }}'
            and {{ joined }}.delivered_code = {{ table }}.delivered_{{ column }}
{%- endmacro %}

{% macro recode_issue(joined) -%}
    {#- The issue of a code that recode replaced. -#}
    case when {{ joined }}.delivered_code is not null then 'recoded' end
{%- endmacro %}
