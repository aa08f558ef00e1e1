{% macro value_issues(issues) -%}
    {#- All that is odd about the values of one row, as text: 'column:issue|column:issue', '' where
        there is nothing. Takes a list of (column, issue, condition). A row carries its own issues so
        that quality.value_issues counts them without reading the raw text a second time. Nearly every
        row is without any, so the text is put together for the others only. -#}
    case
        when
            {% for column, issue, condition in issues %}
            {%- if not loop.first %}
            or {% endif %}({{ condition }})
            {%- endfor %}
            then concat_ws(
                '|'
                {%- for column, issue, condition in issues %},
                case when {{ condition }} then '{{ column }}:{{ issue }}' end
                {%- endfor %}
            )
        else ''
    end
{%- endmacro %}

{% macro unreadable(columns) -%}
    {#- The list for value_issues of columns whose text is there, but could not be read. The text of
        column x is in x_text. -#}
    {%- set issues = [] -%}
    {%- for column in columns -%}
        {%- do issues.append((column, 'unreadable', column ~ '_text is not null and ' ~ column ~ ' is null')) -%}
    {%- endfor -%}
    {{ return(issues) }}
{%- endmacro %}

{% macro implausible(columns) -%}
    {#- The list for value_issues of dates that can be read, but lie outside the plausible range. -#}
    {%- set issues = [] -%}
    {%- for column in columns -%}
        {%- do issues.append((column, 'outside the plausible range', column ~ ' is not null and ' ~ plausible_date(column) ~ ' is null')) -%}
    {%- endfor -%}
    {{ return(issues) }}
{%- endmacro %}

{% macro implausible_numbers(ranges) -%}
    {#- The list for value_issues of numbers outside their range, given as (column, lowest, highest). -#}
    {%- set issues = [] -%}
    {%- for column, lowest, highest in ranges -%}
        {%- do issues.append((column, 'outside the plausible range', column ~ ' not between ' ~ lowest ~ ' and ' ~ highest)) -%}
    {%- endfor -%}
    {{ return(issues) }}
{%- endmacro %}

{% macro recoded(columns) -%}
    {#- The list for value_issues of codes that the seed code_recodes replaced. -#}
    {%- set issues = [] -%}
    {%- for column in columns -%}
        {%- do issues.append((column, 'recoded', 'delivered_' ~ column ~ " <> coalesce(" ~ column ~ ", '')")) -%}
    {%- endfor -%}
    {{ return(issues) }}
{%- endmacro %}
