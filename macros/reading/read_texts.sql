{#- A column of millions of rows holds a few thousand different texts. To read each text once and join
    it to the rows costs a fraction of reading every cell, so a staging model joins the readings of
    checked_texts, which takes three steps: different_texts, read_texts, checked_readings. -#}

{% macro checked_texts(relation, columns, ranges) -%}
    {#- The body of a CTE: the different texts of a relation, each read once and checked. `columns` holds
        (name, delivered column, kind); `ranges` gives the lowest and highest plausible number of a
        kind. -#}
    {%- set kinds = columns | map(attribute=2) | unique | list -%}
    with texts as (
        {{ different_texts(relation, columns) }}
    ),

    readings as (
        {{ read_texts('texts', ranges, kinds) }}
    )

    {{ checked_readings('readings', ranges, kinds) }}
{%- endmacro %}

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

{% macro read_texts(texts, ranges, kinds) -%}
    {#- Each text read as its kind, one of `kinds`. The kinds in `ranges` are whole numbers, except
        those of decimal_kinds. -#}
    {%- set whole_numbers = [
        ('academic year', 'read_academic_year_start'), ('calendar year', 'read_calendar_year')
    ] -%}
    {%- set decimals = [('number', 'read_number')] -%}
    {%- for kind in ranges -%}
        {%- if kind in decimal_kinds() -%} {%- do decimals.append((kind, 'read_number')) -%}
        {%- else -%} {%- do whole_numbers.append((kind, 'read_integer')) -%} {%- endif -%}
    {%- endfor -%}
    select
        kind,
        delivered_text,
        {{ value_by_kind(kinds, 'string', [
            ('code', 'read_code'), ('identifier', 'read_identifier'), ('text', 'clean_text'),
            ('year group', 'read_year_group_code')
        ]) }} as text_value,
        {{ value_by_kind(kinds, 'boolean', [('flag', 'read_flag')]) }} as flag_value,
        {{ value_by_kind(kinds, 'decimal(18, 3)', decimals) }} as number_value,
        {{ value_by_kind(kinds, 'date', [('date', 'read_date')]) }} as date_value,
        {{ value_by_kind(kinds, 'integer', whole_numbers) }} as integer_value
    from {{ texts }}
{%- endmacro %}

{% macro decimal_kinds() %}
    {#- The kinds of numbers with decimals that have a plausible range. -#}
    {{ return(['deprivation score', 'points capped', 'attainment 8', 'progress 8']) }}
{% endmacro %}

{% macro value_by_kind(kinds, type, functions) -%}
    {#- The value of a text by the function of its kind; NULL of the type for every other kind.
        `functions` holds (kind, function of the schema staging). -#}
    {%- set used = functions | selectattr(0, 'in', kinds) | list -%}
    {%- if used -%}
    case kind
            {%- for kind, function in used %}
            when '{{ kind }}' then staging.{{ function }}(delivered_text)
            {%- endfor %}
        end
    {%- else -%}
    cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}

{% macro checked_readings(readings, ranges, kinds) -%}
    {#- The rows of read_texts without implausible dates and numbers, and what is wrong with a text
        (`issue`). `ranges` gives the lowest and the highest plausible number of a kind. `kinds`
        names the kinds in the readings. -#}
    select
        kind,
        delivered_text,
        text_value,
        flag_value,
        case when is_plausible then number_value end as number_value,
        case when is_plausible then date_value end as date_value,
        case when is_plausible then integer_value end as integer_value,
        case
            when not is_plausible then 'outside the plausible range'
            {%- if 'date' in kinds %}
            when kind = 'date' and is_read and staging.is_hour_early(delivered_text)
                then 'at 23:00'
            {%- endif %}
            when is_read or staging.is_blank(delivered_text) then null
            {%- if 'identifier' in kinds %}
            when kind = 'identifier' then staging.identifier_issue(delivered_text)
            {%- endif %}
            {%- if 'date' in kinds %}
            when kind = 'date' and staging.is_month_first(delivered_text)
                then 'written month first'
            {%- endif %}
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
            case
                {%- if 'date' in kinds %}
                when kind = 'date' then {{ is_plausible_date('date_value') }}
                {%- endif %}
                {%- for kind, (lowest, highest) in ranges.items() if kind in kinds %}
                when kind = '{{ kind }}'
                    then {{ 'number' if kind in decimal_kinds() else 'integer' }}_value between {{ lowest }} and {{ highest }}
                {%- endfor %}
                when kind is not null then true
            end as is_plausible
        from {{ readings }}
    ) as judged
{%- endmacro %}

{% macro identifier(delivered, reading) -%}
    {#- An identifier from its reading (alias). One without a reading is used as delivered. -#}
    case when {{ reading }}.kind is null then {{ delivered }} else {{ reading }}.text_value end
{%- endmacro %}
