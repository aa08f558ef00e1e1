{% macro read_academic_year_start(t) -%}
    {#- The first calendar year of a year written 2005/2006, 2005/06, 2005/6, 2005-06, 200506 or
        20052006, also after it went through a number column (200506.0). NULL where the second year
        does not follow the first, or the year is not of the 20th or 21st century. -#}
    {%- set years = rewritten(cleaned(as_written(t)), [
        ('^((?:19|20)[0-9]{2}) ?[-–/_] ?([0-9])([.]0*)?$', '$1|$2'),
        ('^((?:19|20)[0-9]{2})( ?[-–/_] ?)?([0-9]{4}|[0-9]{2})([.]0*)?$', '$1|$3'),
    ]) -%}
    {%- set start = try_cast(
        "regexp_extract(" ~ years ~ ", '^((?:19|20)[0-9]{2})[|]', 1)", 'integer'
    ) -%}
    {%- set second -%} regexp_extract({{ years }}, '[|]([0-9]+)$', 1) {%- endset -%}
    case
        when right(cast({{ start }} + 1 as string), length({{ second }})) = {{ second }}
            then {{ start }}
    end
{%- endmacro %}

{% macro academic_year_label(start_year) -%}
    {#- The one way in which a year is written in the warehouse: '2005/2006'. NULL for NULL. -#}
    cast({{ start_year }} as string) || '/' || cast({{ start_year }} + 1 as string)
{%- endmacro %}

{% macro reporting_year_named(academic_year) -%}
    {#- The reporting year (integer) that '2005/2006' names, 2006. NULL where the text names none. -#}
    {{ try_cast('right(' ~ academic_year ~ ', 4)', 'integer') }}
{%- endmacro %}

{% macro reporting_year_end(reporting_year) -%}
    {#- 31 March on which the reporting year ends (integer in, date out). These extracts report years
        from 1 April to 31 March, named for the year in which they end. -#}
    {{ try_cast("cast(" ~ reporting_year ~ " as string) || '-03-31'", 'date') }}
{%- endmacro %}

{% macro reporting_year_start(reporting_year) -%}
    {#- 1 April on which the reporting year begins (integer in, date out). -#}
    {{ try_cast("cast(" ~ reporting_year ~ " - 1 as string) || '-04-01'", 'date') }}
{%- endmacro %}

{% macro read_calendar_year(t) -%}
    {#- A year of the 20th or 21st century, '2006' or '2006.0'. NULL for anything else. -#}
    {{ try_cast(
        "regexp_extract(" ~ cleaned(as_written(t)) ~ ", '^((?:19|20)[0-9]{2})([.]0*)?$', 1)", 'integer'
    ) }}
{%- endmacro %}

{% macro reporting_year_of(date) -%}
    {#- The reporting year (integer) in which a date lies: 31 March belongs to the year that ends on
        it, 1 April to the next. NULL for NULL. -#}
    cast(
        extract(year from {{ date }})
        + case when extract(month from {{ date }}) > 3 then 1 else 0 end as integer
    )
{%- endmacro %}

{% macro month_start(year, month) -%}
    {#- The first day of a month (two integers in, date out). NULL where either is NULL. -#}
    {{ try_cast("cast(" ~ year ~ " as string) || '-' || lpad(cast(" ~ month ~ " as string), 2, '0') || '-01'", 'date') }}
{%- endmacro %}
