{% macro filled_counts(relation, columns, by=[]) -%}
    {#- To select from: one row per column (and per group of `by`), with the number of rows and how
        many of them hold a value. The relation is read once, however many columns are counted. -#}
    (
        select
            {% for column in by %}
            counted.{{ column }},
            {% endfor %}
            named.column_name,
            counted.n_rows,
            case named.column_name
                {% for column in columns %}
                when '{{ column }}' then counted.n_{{ column }}
                {% endfor %}
            end as n_filled
        from (
            select
                {% for column in by %}
                {{ column }},
                {% endfor %}
                {% for column in columns %}
                count({{ column }}) as n_{{ column }},
                {% endfor %}
                count(*) as n_rows
            from {{ relation }}
            {% if by %}
            group by {{ by | join(', ') }}
            {% endif %}
        ) as counted
        cross join (
            {% for column in columns %}
            select '{{ column }}' as column_name
            {% if not loop.last %}union all{% endif %}
            {% endfor %}
        ) as named
    )
{%- endmacro %}
