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
