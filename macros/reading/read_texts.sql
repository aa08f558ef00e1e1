{% macro read_texts(relation, columns, ranges) -%}
    {#- To select from: each different text of each kind of column, read as that kind, with what is wrong
        with it (`issue`). A column of millions of rows holds a few thousand different texts: to read each
        once and join it to the rows costs a fraction of reading every cell. `columns` is a list of
        (name, delivered column, kind); `ranges` gives the lowest and highest plausible number of a kind. -#}
    (
    select
        kind,
        delivered_text,
        text_value,
        flag_value,
        number_value,
        case when is_plausible then integer_value end as integer_value,
        case when is_plausible then date_value end as date_value,
        case
            when not is_plausible then 'outside the plausible range'
            when
                staging.clean_text(delivered_text) is not null
                and text_value is null
                and flag_value is null
                and number_value is null
                and integer_value is null
                and date_value is null
                then {{ unreadable_issue('kind', 'delivered_text') }}
        end as issue
    from (
        select
            *,
            case kind
                when 'date' then {{ is_plausible_date('date_value') }}
                {%- for kind, (lowest, highest) in ranges.items() %}
                when '{{ kind }}' then integer_value between {{ lowest }} and {{ highest }}
                {%- endfor %}
                else true
            end as is_plausible
        from (
            select
                kind,
                delivered_text,
                case kind
                    when 'code' then staging.read_code(delivered_text)
                    when 'text' then staging.clean_text(delivered_text)
                end as text_value,
                case when kind = 'flag' then staging.read_flag(delivered_text) end
                    as flag_value,
                case when kind = 'number' then staging.read_number(delivered_text) end
                    as number_value,
                case kind
                    when 'academic year'
                        then staging.read_academic_year_start(delivered_text)
                    when 'calendar year' then staging.read_calendar_year(delivered_text)
                    {%- for kind in ranges %}
                    when '{{ kind }}' then staging.read_integer(delivered_text)
                    {%- endfor %}
                end as integer_value,
                case when kind = 'date' then staging.read_date(delivered_text) end
                    as date_value
            from (
                {%- for _, delivered, kind in columns %}
                select distinct '{{ kind }}' as kind, {{ delivered }} as delivered_text from {{ relation }}
                {%- if not loop.last %} union{% endif %}
                {%- endfor %}
            ) as texts
        ) as texts_read
    ) as texts_checked
    )
{%- endmacro %}

{% macro unreadable_issue(kind, text) -%}
    {#- What is wrong with a text that cannot be read as its kind. A date such as 05/13/2011 shows that
        the whole column is written month first. -#}
    case
        when
            {{ kind }} = 'date'
            and {{ matches(
                'staging.clean_text(' ~ text ~ ')',
                '(0?[1-9]|1[0-2])[-/. ](1[3-9]|2[0-9]|3[01])[-/. ][0-9]{4}([ T:].*)?'
            ) }}
            then 'written month first'
        else 'unreadable'
    end
{%- endmacro %}

{% macro value_column(kind) -%}
    {#- The column of read_texts that holds what a text of this kind says. -#}
    {{ {
        'code': 'text_value',
        'text': 'text_value',
        'flag': 'flag_value',
        'number': 'number_value',
        'date': 'date_value',
    }.get(kind, 'integer_value') }}
{%- endmacro %}
