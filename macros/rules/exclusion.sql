{% macro exclusion_year_start() -%}
    {#- The start of the school year in which an exclusion began, from the readings of a staging model of
        exclusions (aliases) and the delivered row (alias exclusion). The year in the column names
        counts. A row that names it as the year of its report, and an earlier year as its own, was
        reported late and keeps its own. Without any of them the census date counts, then the start. -#}
    case
        when
            reporting_academic_year_start.integer_value = exclusion._suffix_year - 1
            and academic_year_start.integer_value < exclusion._suffix_year - 1
            then academic_year_start.integer_value
        else coalesce(
            exclusion._suffix_year - 1,
            academic_year_start.integer_value,
            {{ school_year_start_of('census_date.date_value') }},
            {{ school_year_start_of('start_date.date_value') }}
        )
    end
{%- endmacro %}

{% macro exclusion_year_issue() -%}
    {#- What is wrong with the delivered school year of the same row. -#}
    case
        when
            academic_year_start.integer_value <> exclusion._suffix_year - 1
            and not coalesce(
                reporting_academic_year_start.integer_value = exclusion._suffix_year - 1
                and academic_year_start.integer_value < exclusion._suffix_year - 1,
                false
            )
            then 'differs from the year in the column names'
        else academic_year_start.issue
    end
{%- endmacro %}

{% macro exclusion_ranges() %}
    {#- Plausible numbers. A school year has at most 420 sessions; no pupil has been excluded more
        often than there are school days, nor permanently more than once a term or so. -#}
    {{ return({
        'sessions': (0, 420), 'exclusions': (0, 210), 'permanent exclusions': (0, 9), 'schools': (0, 20)
    }) }}
{% endmacro %}

{% macro exclusion_slots() %}
    {#- How many numbered groups of columns a row of the wide layout has at most. -#}
    {{ return(40) }}
{% endmacro %}

{% macro exclusion_slot_columns() %}
    {#- The columns of a numbered group, as delivered, without their number. -#}
    {{ return([
        'category', 'reason', 'reason_b', 'reason_c', 'startdate', 'sessions', 'term', 'ncyear',
    ]) }}
{% endmacro %}
