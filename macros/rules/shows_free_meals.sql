{% macro shows_free_meals(census) -%}
    {#- Whether a census row (alias) shows free meals, now or before. -#}
    {{ one_yes([
        census ~ '.is_free_meals',
        census ~ '.is_free_meals_6_years',
        census ~ '.is_free_meals_6_years_premium',
        census ~ '.is_ever_free_meals',
    ]) }}
{%- endmacro %}
