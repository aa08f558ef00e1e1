{% test code_list_is_sound(model, filled_columns) %}
    {#- A code list works only where each code appears once, written as staging writes codes
        (upper case, no spaces: otherwise no code ever meets its label), with a label and all of
        `filled_columns`, and where no code ceases to be valid before it begins. Needs the columns
        code, label, valid_from and valid_to. -#}
    select
        min(code) as code,
        'listed more than once' as breach
    from {{ model }}
    group by code
    having count(*) > 1
    union all
    select
        code,
        'not written as staging writes codes' as breach
    from {{ model }}
    where code is distinct from staging.read_code(code)
    union all
    select
        code,
        'no label' as breach
    from {{ model }}
    where label is null or label <> trim(label) or label = ''
    union all
    select
        code,
        'a column is not filled' as breach
    from {{ model }}
    where {{ filled_columns | join(' is null or ') }} is null
    union all
    select
        code,
        'valid to before valid from' as breach
    from {{ model }}
    where valid_to <= valid_from
{% endtest %}
