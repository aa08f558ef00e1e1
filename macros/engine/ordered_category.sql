{% macro intervention_categories() %}
    {#- The five categories, lowest first: the place in this list is highest_intervention_rank. -#}
    {{ return([
        'no social care contact',
        'referral only',
        'child in need',
        'child protection plan',
        'child looked after',
    ]) }}
{% endmacro %}

{% macro intervention_type() -%}
    {{ ordered_type(intervention_categories()) }}
{%- endmacro %}

{% macro ordered_type(categories) %}
    {#- An enum keeps the order in `order by` and `max()` where the engine has one. -#}
    {{ return(adapter.dispatch('ordered_type', 'social_care_warehouse')(categories)) }}
{% endmacro %}

{% macro default__ordered_type(categories) -%}
    enum('{{ categories | join("', '") }}')
{%- endmacro %}

{% macro spark__ordered_type(categories) -%}
    string
{%- endmacro %}

{% macro intervention_from_rank(rank) -%}
    {#- The category of a rank 0-4; NULL for any other number. -#}
    {{ from_rank(rank, intervention_categories()) }}
{%- endmacro %}

{% macro from_rank(rank, categories) -%}
    {#- The category in that place of an ordered list; NULL for any other number. -#}
    cast(
        case {{ rank }}
            {%- for category in categories %}
            when {{ loop.index0 }} then '{{ category }}'
            {%- endfor %}
        end as {{ ordered_type(categories) }}
    )
{%- endmacro %}
