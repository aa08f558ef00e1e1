{% macro read_columns(relation, columns, kept) %}
    {#- To select from: the delivered texts of a relation, cleaned (<name>_text) and read (<name>), and the
        columns of `kept` as they are. `columns` is a list of (name, delivered column, kind), the kinds
        being those of read_text. A blank is NULL in both; a text that cannot be read as its kind is NULL
        in <name> only, so that it can be counted. -#}
    {{ return(
        adapter.dispatch('read_columns', 'social_care_warehouse')(relation, columns, kept)
    ) }}
{% endmacro %}

{% macro default__read_columns(relation, columns, kept) -%}
    (
    select
        *
        {%- for name, delivered, kind in columns %},
        {{ read_text(name ~ '_text', kind) }} as {{ name }}
        {%- endfor %}
    from (
        select
            {%- for name, delivered, kind in columns %}
            {{ blank_to_null(delivered) }} as {{ name }}_text,
            {%- endfor %}
            {{ kept | join(', ') }}
        from {{ relation }}
    ) as cleaned
    ) as read_columns
{%- endmacro %}

{% macro duckdb__read_columns(relation, columns, kept) -%}
    {#- A column of millions of rows holds a few thousand different texts: each is read once, and joined
        to the rows by what was delivered, which costs a fraction of reading every cell. Identifiers
        differ from row to row, so they are read where they stand. -#}
    (
    select
        {%- for name, delivered, kind in columns %}
        {%- if kind == 'identifier' %}
        {{ blank_to_null('delivered.' ~ delivered) }} as {{ name }},
        {%- else %}
        reading_{{ loop.index }}.cleaned_text as {{ name }}_text,
        reading_{{ loop.index }}.read_value as {{ name }},
        {%- endif %}
        {%- endfor %}
        {%- for column in kept %}
        delivered.{{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }} as delivered
    {%- for name, delivered, kind in columns %}
    {%- if kind != 'identifier' %}
    left join (
        select
            delivered_text,
            cleaned_text,
            {{ read_text('cleaned_text', kind) }} as read_value
        from (
            select
                delivered_text,
                {{ blank_to_null('delivered_text') }} as cleaned_text
            from (select distinct {{ delivered }} as delivered_text from {{ relation }}) as texts
        ) as cleaned
    ) as reading_{{ loop.index }}
        on delivered.{{ delivered }} = reading_{{ loop.index }}.delivered_text
    {%- endif %}
    {%- endfor %}
    ) as read_columns
{%- endmacro %}
