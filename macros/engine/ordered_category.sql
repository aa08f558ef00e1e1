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

{% macro intervention_type() %}
    {#- An enum keeps the order in `order by` and `max()` where the engine has one. -#}
    {{ return(adapter.dispatch('intervention_type', 'social_care_warehouse')()) }}
{% endmacro %}

{% macro default__intervention_type() -%}
    enum('{{ intervention_categories() | join("', '") }}')
{%- endmacro %}

{% macro spark__intervention_type() -%}
    string
{%- endmacro %}

{% macro intervention_from_rank(rank) -%}
    {#- The category of a rank 0-4; NULL for any other number. -#}
    cast(
        case {{ rank }}
            {%- for category in intervention_categories() %}
            when {{ loop.index0 }} then '{{ category }}'
            {%- endfor %}
        end as {{ intervention_type() }}
    )
{%- endmacro %}
