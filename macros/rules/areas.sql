{% macro normal_quantiles() %}
    {#- How many standard errors make the limits of 95% and of 99.8%, by the ending of their columns. -#}
    {{ return({'95': '1.959963985e0', '998': '3.090232306e0'}) }}
{% endmacro %}

{% macro area_place_column() -%}
    {#- The column with the authority in which a person counts, by the variable area_place. -#}
    {%- set columns = {'home': 'home_la_at_15', 'school': 'school_la_at_15'} -%}
    {%- if var('area_place') not in columns -%}
        {{ exceptions.raise_compiler_error(
            "Unknown area_place '" ~ var('area_place') ~ "'. Choose one of: "
            ~ columns | join(', ') ~ '.'
        ) }}
    {%- endif -%}
    {{ columns.get(var('area_place'), 'home_la_at_15') }}
{%- endmacro %}

{% macro in_cohort_groups(counts, cohort_groups) -%}
    {#- A query: each row once in the cohort all, and once in each group that holds its birth cohort. -#}
    select
        {{ counts }}.*,
        'all' as cohort
    from {{ counts }}
    union all
    select
        {{ counts }}.*,
        {{ cohort_groups }}.cohort
    from {{ counts }}
    inner join {{ cohort_groups }}
        on
            {{ try_cast('substr(' ~ counts ~ '.birth_cohort, 1, 4)', 'integer') }}
            between {{ cohort_groups }}.first_year and {{ cohort_groups }}.last_year
{%- endmacro %}

{% macro byar_limit(observed, side, quantile) -%}
    {#- Byar's limit of the expected number from an observed one of 10 or more; side is lower or upper. -#}
    {%- set count = '(' ~ observed ~ ('' if side == 'lower' else ' + 1') ~ ')' -%}
    {{ count }} * power(
        1 - 1 / (9 * cast({{ count }} as double))
        {{ '-' if side == 'lower' else '+' }} {{ quantile }} / (3 * sqrt({{ count }})),
        3
    )
{%- endmacro %}

{% macro wilson_limit(count, total, side, quantile) -%}
    {#- Wilson's limit of the share count / total; side is lower or upper. -#}
    (
        2 * {{ count }} + {{ quantile }} * {{ quantile }}
        {{ '-' if side == 'lower' else '+' }} {{ quantile }} * sqrt(
            {{ quantile }} * {{ quantile }}
            + 4 * {{ count }} * (1 - cast({{ count }} as double) / {{ total }})
        )
    ) / (2 * ({{ total }} + {{ quantile }} * {{ quantile }}))
{%- endmacro %}

{% macro funnel_class(is_below_95, is_above_95, is_below_998, is_above_998) -%}
    {#- Where a ratio lies, in the words of Public Health England: the number is the probability that chance
        alone takes a ratio so far to that side. NULL where a limit is. -#}
    case
        when {{ is_below_998 }} then 'Low (0.001)'
        when {{ is_above_998 }} then 'High (0.001)'
        when {{ is_below_95 }} then 'Low (0.025)'
        when {{ is_above_95 }} then 'High (0.025)'
        when not ({{ is_below_95 }}) and not ({{ is_above_95 }}) then 'Not significant'
    end
{%- endmacro %}
