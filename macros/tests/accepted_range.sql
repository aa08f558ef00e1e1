{% test accepted_range(model, columns, min_value=none, max_value=none, inclusive=true) %}
    {#- Rows in which any of these columns lies outside the range. Either end may be left open.
        NULL lies in every range: whether a column may be NULL is another test's business. -#}
    {%- if min_value is none and max_value is none -%}
        {{ exceptions.raise_compiler_error("accepted_range needs min_value, max_value or both") }}
    {%- endif -%}
    {%- set breaches = [] -%}
    {%- for column in columns -%}
        {%- if min_value is not none -%}
            {%- do breaches.append(column ~ (" < " if inclusive else " <= ") ~ min_value) -%}
        {%- endif -%}
        {%- if max_value is not none -%}
            {%- do breaches.append(column ~ (" > " if inclusive else " >= ") ~ max_value) -%}
        {%- endif -%}
    {%- endfor %}
    select 1 as breach
    from {{ model }}
    where
        {{ breaches | join('\n        or ') }}
{% endtest %}
