{% macro read_academic_year_start(text) -%}
    {#- The first calendar year of a year written 2005/2006, 2005/06, 2005-06, 200506 or 20052006;
        NULL where the text is none of these or the second year does not follow the first. -#}
    {%- set digits = "replace(replace(" ~ text ~ ", '/', ''), '-', '')" -%}
    {%- set start = try_cast('left(' ~ text ~ ', 4)', 'integer') -%}
    case
        when not {{ matches(text, '[0-9]{4}[-/]?([0-9]{2}|[0-9]{4})') }} then null
        when
            length({{ digits }}) = 8
            and {{ try_cast('right(' ~ digits ~ ', 4)', 'integer') }} = {{ start }} + 1
            then {{ start }}
        when
            length({{ digits }}) = 6
            and {{ try_cast('right(' ~ digits ~ ', 2)', 'integer') }} = ({{ start }} + 1) % 100
            then {{ start }}
    end
{%- endmacro %}

{% macro academic_year_label(start_year) -%}
    {#- The one way in which a year is written in the warehouse: '2005/2006'. NULL for NULL. -#}
    cast({{ start_year }} as varchar) || '/' || cast({{ start_year }} + 1 as varchar)
{%- endmacro %}

{% macro reporting_year_end(reporting_year) -%}
    {#- 31 March on which the reporting year ends (integer in, date out). These extracts report years
        from 1 April to 31 March, named for the year in which they end. -#}
    cast(cast({{ reporting_year }} as varchar) || '-03-31' as date)
{%- endmacro %}
