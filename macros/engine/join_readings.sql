{% macro join_readings(relation, readings, columns, ranges) %}
    {#- Joins to a relation the reading of each of its columns, under the name of the column. `readings`
        is the CTE of checked_readings. -#}
    {{ return(
        adapter.dispatch('join_readings', 'social_care_warehouse')(
            relation, readings, columns, ranges
        )
    ) }}
{% endmacro %}

{% macro default__join_readings(relation, readings, columns, ranges) -%}
    {%- for name, delivered, kind in columns %}
    left join {{ readings }} as {{ name }}
        on {{ name }}.kind = '{{ kind }}' and {{ relation }}.{{ delivered }} = {{ name }}.delivered_text
    {%- endfor %}
{%- endmacro %}

{% macro spark__join_readings(relation, readings, columns, ranges) -%}
    {#- Spark would compute the CTE for each join, so it reads cell by cell, with the same expressions. -#}
    {%- for name, delivered, kind in columns %}
    {%- set cell = "(select '" ~ kind ~ "' as kind, " ~ relation ~ "." ~ delivered ~ " as delivered_text)" -%}
    {%- set reading = read_texts(cell ~ ' as cell', ranges, [kind]) %}
    cross join lateral (
        {{ checked_readings('(' ~ reading ~ ') as cell_read', ranges, [kind]) }}
    ) as {{ name }}
    {%- endfor %}
{%- endmacro %}
