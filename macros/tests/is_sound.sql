{% test is_sound(
    model,
    key=[],
    filled=[],
    in_order=[],
    ranges=[],
    values={},
    forms=[],
    null_unless=[],
    rules={},
    parents=[],
    same_number_as=none
) %}
    {#- All that must hold for a table, in one query: a row per breach, which names it, with the number
        of rows. One query instead of ten, because Spark takes about a second for each. The arguments
        are those of the tests of one kind; _tests__macros.yml describes them. -#}
    {{ config(fail_calc='coalesce(sum(n_rows), 0)') }}
    {%- set row_breaches = [] -%}
    {%- for column in filled -%}
        {%- do row_breaches.append((column ~ ' is null', column ~ ' is null')) -%}
    {%- endfor -%}
    {%- for columns in in_order -%}
        {%- for column in columns[1:] -%}
            {%- set before = columns[loop.index0] -%}
            {%- do row_breaches.append((column ~ ' < ' ~ before, column ~ ' is below ' ~ before)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for range in ranges -%}
        {%- for column in range.columns -%}
            {%- if range.min_value is defined -%}
                {%- do row_breaches.append((
                    column ~ ' < ' ~ range.min_value, column ~ ' is below ' ~ range.min_value
                )) -%}
            {%- endif -%}
            {%- if range.max_value is defined -%}
                {%- do row_breaches.append((
                    column ~ ' > ' ~ range.max_value, column ~ ' is above ' ~ range.max_value
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for column, accepted in values.items() -%}
        {%- do row_breaches.append((
            column ~ " not in ('" ~ accepted | join("', '") ~ "')",
            column ~ ' has a value that is not accepted',
        )) -%}
    {%- endfor -%}
    {%- for form in forms -%}
        {%- for column in form.columns -%}
            {%- do row_breaches.append((
                'not ' ~ matches(column, form.pattern), column ~ ' has another form'
            )) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for item in null_unless -%}
        {%- set condition = 'coalesce(' ~ item.condition ~ ', false)' -%}
        {%- for column in item.columns -%}
            {%- do row_breaches.append((
                'not ' ~ condition ~ ' and ' ~ column ~ ' is not null',
                column ~ ' is filled where it must be null',
            )) -%}
            {%- if item.always_filled | default(true) -%}
                {%- do row_breaches.append((
                    condition ~ ' and ' ~ column ~ ' is null',
                    column ~ ' is null where it must be filled',
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name, rule in rules.items() -%}
        {%- do row_breaches.append(('not coalesce(' ~ rule ~ ', false)', 'not so: ' ~ name)) -%}
    {%- endfor -%}
    {%- set parts = [] -%}
    {%- if row_breaches -%}
        {%- do parts.append(breaches_of_rows(model, row_breaches)) -%}
    {%- endif -%}
    {%- for columns in ([key] if key[0] is string else key) if columns -%}
        {%- do parts.append(breaches_of_key(model, columns)) -%}
    {%- endfor -%}
    {%- for parent in parents -%}
        {%- do parts.append(breaches_of_parent(model, parent)) -%}
    {%- endfor -%}
    {%- if same_number_as is not none -%}
        {%- do parts.append(breach_of_number(model, same_number_as)) -%}
    {%- endif -%}
    {{ parts | join('\n    union all\n') }}
{% endtest %}

{% macro breaches_of_rows(model, breaches) -%}
    {#- A row per breach that a single row can have. A row with several counts for the first one.
        `breaches` holds (condition, name). -#}
    select
        breach,
        count(*) as n_rows
    from (
        select
            case
                {%- for condition, name in breaches %}
                when {{ condition }} then '{{ name }}'
                {%- endfor %}
            end as breach
        from {{ model }}
    ) as judged
    where breach is not null
    group by breach
{%- endmacro %}

{% macro breaches_of_key(model, key) -%}
    {#- How many keys have several rows. NULL counts as a value like any other. -#}
    select
        'several rows with the same {{ key | join(", ") }}' as breach,
        count(*) as n_rows
    from (
        select 1 as one
        from {{ model }}
        group by {{ key | join(', ') }}
        having count(*) > 1
    ) as repeated
    having count(*) > 0
{%- endmacro %}

{% macro breaches_of_parent(model, parent) -%}
    {#- How many rows name something that the other table does not have. NULL names nothing. The names
        of the other table need not be distinct: to find the distinct ones among all pupils took more
        time than the rest of most of these tests. -#}
    {%- set field = parent.field | default(parent.column) -%}
    select
        '{{ parent.column }} is not in {{ parent.to.identifier }}' as breach,
        count(*) as n_rows
    from {{ model }} as child
    where
        child.{{ parent.column }} is not null
        and not exists (
            select 1 from {{ parent.to }} as parents
            where parents.{{ field }} = child.{{ parent.column }}
        )
    having count(*) > 0
{%- endmacro %}

{% macro breach_of_number(model, other) -%}
    {#- By how many rows the two tables differ in number. -#}
    select
        'not as many rows as {{ other.identifier }}' as breach,
        abs(counted.n_rows - compared.n_rows) as n_rows
    from (select count(*) as n_rows from {{ model }}) as counted
    cross join (select count(*) as n_rows from {{ other }}) as compared
    where counted.n_rows <> compared.n_rows
{%- endmacro %}
