{% macro absence_measures() %}
    {#- What absence counts in sessions (half days): name and the start of its delivered columns. -#}
    {{ return([
        ('possible', 'SessionsPossible'),
        ('authorised', 'AuthorisedAbsence'),
        ('unauthorised', 'UnauthorisedAbsence'),
    ]) }}
{% endmacro %}

{% macro absence_session_columns() %}
    {#- The delivered columns of sessions as staging names them: (name, delivered column, kind).
        Summer is the first half of the summer term, the fifth half-term of the year. Annual is the
        year's return of a special school. The last three are totals. -#}
    {%- set columns = [] -%}
    {%- for measure, delivered in absence_measures() -%}
        {%- for part, suffix in [
            ('autumn', 'Autumn'),
            ('spring', 'Spring'),
            ('summer', 'Summer'),
            ('summer_6th', 'Summer6th'),
            ('annual', 'Annual'),
            ('3_terms', '3Term'),
            ('5_half_terms', '5HalfTerms'),
            ('6_half_terms', '6HalfTerms'),
        ] -%}
            {%- do columns.append(
                ('sessions_' ~ measure ~ '_' ~ part, delivered ~ '_' ~ suffix, 'sessions')
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{% macro absence_parts(half_terms) %}
    {#- The parts that make up a school year of five or six half-terms. -#}
    {%- set parts = ['autumn', 'spring', 'summer', 'annual'] -%}
    {%- if half_terms == 6 -%} {%- do parts.append('summer_6th') -%} {%- endif -%}
    {{ return(parts) }}
{% endmacro %}

{% macro absence_year_sessions(measure, half_terms, is_year_11) -%}
    {#- The sessions of a school year in one delivered row: its terms and the annual return of a special
        school, or the delivered total where neither is filled. NULL where no part is filled. With six
        half-terms, year group 11 still has five. Reads the columns of absence_session_columns. -#}
    {%- set five = absence_sum(measure, absence_parts(5), ['5_half_terms', '3_terms']) -%}
    {%- set six = absence_sum(
        measure, absence_parts(6), ['6_half_terms', '5_half_terms', '3_terms']
    ) -%}
    {%- if half_terms == 5 -%}
    {{ five }}
    {%- else -%}
    case
        when {{ is_year_11 }}
            then {{ five }}
        else {{ six }}
    end
    {%- endif -%}
{%- endmacro %}

{% macro absence_sum(measure, parts, totals=[]) -%}
    {#- The sum of the filled parts, or the first filled total where no part is filled: the columns
        sessions_<measure>_<part or total>. -#}
    {%- set prefix = 'sessions_' ~ measure ~ '_' -%}
    case
            when
                coalesce(
                    {{ prefix }}{{ parts | join(', ' ~ prefix) }}
                ) is not null
                then
                    {%- for part in parts %}
                    {{ '+ ' if not loop.first }}coalesce({{ prefix }}{{ part }}, 0)
                    {%- endfor %}
            {%- if totals %}
            else
                coalesce(
                    {{ prefix }}{{ totals | join(', ' ~ prefix) }}
                )
            {%- endif %}
        end
{%- endmacro %}

{% macro has_absence_gap(measure, half_terms, is_year_11) -%}
    {#- Whether a part of the year has possible sessions and a blank for the measure, while another part
        has a number. Where no part is filled, the total counts and there is no gap. Reads the columns
        sessions_possible_<part> and sessions_<measure>_<part>. -#}
    {%- set prefix = 'sessions_' ~ measure ~ '_' -%}
    (
                    coalesce({{ prefix }}{{ absence_parts(half_terms) | join(', ' ~ prefix) }}) is not null
                    and (
                        {%- for part in absence_parts(half_terms) %}
                        {{ 'or ' if not loop.first }}(sessions_possible_{{ part }} > 0 and {{ prefix }}{{ part }} is null
                        {%- if part == 'summer_6th' %} and not {{ is_year_11 }}{% endif %})
                        {%- endfor %}
                    )
                )
{%- endmacro %}

{% macro absence_has_gap(half_terms, is_year_11) -%}
    {#- True where the sessions of a row cannot be added up: sessions missed without leave are given by
        term, but not for a term (or the annual return) with possible sessions; sessions are missed in
        a part whose possible sessions are blank; or a part cannot be read. Reads the columns
        sessions_possible_<part> and sessions_unauthorised_<part>, and those that end in _issue. -#}
    coalesce(
                {%- for part in absence_parts(half_terms) %}
                {%- set prefix = '(not ' ~ is_year_11 ~ ' and ' if part == 'summer_6th' else '(' %}
                {%- for measure in ['possible', 'unauthorised'] %}
                {{ prefix }}sessions_{{ measure }}_{{ part }}_issue is not null)
                or {% endfor %}
                {{- prefix }}sessions_possible_{{ part }} is null and sessions_unauthorised_{{ part }} > 0)
                or {% endfor %}
                {{- has_absence_gap('unauthorised', half_terms, is_year_11) }},
                false
            )
{%- endmacro %}
