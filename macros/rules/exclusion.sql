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

{% macro exclusion_years(exclusions) -%}
    {#- The school years of which exclusions were delivered, from a relation like int_exclusion_pupil_year. A
        year in which nobody has one was not delivered, even if a file of it came. Some files list permanent
        exclusions alone, as all do before 2005/06. -#}
    select
        academic_year_start,
        coalesce(max(n_suspensions) > 0, false) as has_suspensions
    from {{ exclusions }}
    group by academic_year_start
{%- endmacro %}

{% macro observes_suspensions(pupil_years, exclusion_years) -%}
    {#- Whether a pupil without a row had no suspension in the year: only if the pupil was in a census. -#}
    {{ pupil_years }}.is_in_census
    and not coalesce({{ pupil_years }}.is_suspensions_unreadable, false)
    and {{ exclusion_years }}.has_suspensions
{%- endmacro %}

{% macro observes_permanent_exclusions(pupil_years, exclusion_years) -%}
    {#- The same for permanent exclusions, which every delivered year lists. -#}
    {{ pupil_years }}.is_in_census
    and not coalesce({{ pupil_years }}.is_permanent_unreadable, false)
    and {{ exclusion_years }}.academic_year_start is not null
{%- endmacro %}
