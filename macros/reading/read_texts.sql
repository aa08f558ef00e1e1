{#- A column of millions of rows holds a few thousand different texts. To read each text once and join
    it to the rows costs a fraction of reading every cell, so a staging model does three steps:
    different_texts, read_texts, checked_readings. -#}

{% macro different_texts(relation, columns) -%}
    {#- The different texts of a relation by kind. `columns` holds (name, delivered column, kind). An
        identifier differs from row to row, so only those that need reading are here. -#}
    {%- for _, delivered, kind in columns -%}
    select '{{ kind }}' as kind, delivered_text from (select distinct {{ delivered }} as delivered_text from {{ relation }}
    {%- if kind == 'identifier' %} where not staging.is_plain_identifier({{ delivered }}){% endif %}) as texts
    {%- if not loop.last %} union
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{% macro read_texts(texts, ranges) -%}
    {#- Each text read as its kind. The kinds in `ranges` are whole numbers. -#}
    select
        kind,
        delivered_text,
        case kind
            when 'code' then staging.read_code(delivered_text)
            when 'identifier' then staging.read_identifier(delivered_text)
            when 'text' then staging.clean_text(delivered_text)
        end as text_value,
        case kind when 'flag' then staging.read_flag(delivered_text) end as flag_value,
        case kind when 'number' then staging.read_number(delivered_text) end as number_value,
        case kind when 'date' then staging.read_date(delivered_text) end as date_value,
        case kind
            when 'academic year' then staging.read_academic_year_start(delivered_text)
            when 'calendar year' then staging.read_calendar_year(delivered_text)
            {%- for kind in ranges %}
            when '{{ kind }}' then staging.read_integer(delivered_text)
            {%- endfor %}
        end as integer_value
    from {{ texts }}
{%- endmacro %}

{% macro checked_readings(readings, ranges) -%}
    {#- The rows of read_texts without implausible dates and numbers, and what is wrong with a text
        (`issue`). `ranges` gives the lowest and the highest plausible number of a kind. -#}
    select
        kind,
        delivered_text,
        text_value,
        flag_value,
        number_value,
        case when is_plausible then date_value end as date_value,
        case when is_plausible then integer_value end as integer_value,
        case
            when not is_plausible then 'outside the plausible range'
            when is_read or staging.clean_text(delivered_text) is null then null
            when kind = 'identifier' then staging.identifier_issue(delivered_text)
            when kind = 'date' and staging.is_month_first(delivered_text)
                then 'written month first'
            else 'unreadable'
        end as issue
    from (
        select
            *,
            text_value is not null
            or flag_value is not null
            or number_value is not null
            or date_value is not null
            or integer_value is not null as is_read,
            case kind
                when 'date' then {{ is_plausible_date('date_value') }}
                {%- for kind, (lowest, highest) in ranges.items() %}
                when '{{ kind }}' then integer_value between {{ lowest }} and {{ highest }}
                {%- endfor %}
                else true
            end as is_plausible
        from {{ readings }}
    ) as judged
{%- endmacro %}

{% macro identifier(delivered, reading) -%}
    {#- An identifier from its reading (alias). One without a reading is used as delivered. -#}
    case when {{ reading }}.kind is null then {{ delivered }} else {{ reading }}.text_value end
{%- endmacro %}

{% macro join_readings(relation, readings, columns) -%}
    {#- Joins to a relation the reading of each of its columns, under the name of the column. -#}
    {%- for name, delivered, kind in columns %}
    left join {{ readings }} as {{ name }}
        on {{ name }}.kind = '{{ kind }}' and {{ relation }}.{{ delivered }} = {{ name }}.delivered_text
    {%- endfor %}
{%- endmacro %}
