{% test null_unless(model, columns, condition, always_filled=true) %}
    {#- Columns that are NULL exactly where a condition does not hold (items of a dataset in which a
        person does not appear, say). With `always_filled: false` they may be NULL where it holds as
        well. A condition that is NULL does not hold. -#}
    select 1 as breach
    from {{ model }}
    where
        (
            not coalesce({{ condition }}, false)
            and ({{ columns | join(' is not null or ') }} is not null)
        )
        {%- if always_filled %}
        or (
            coalesce({{ condition }}, false)
            and ({{ columns | join(' is null or ') }} is null)
        )
        {%- endif %}
{% endtest %}
