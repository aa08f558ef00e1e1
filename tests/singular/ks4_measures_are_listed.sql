-- The macro ks4_measures names the columns that staging reads, and the seed ks4_measure
-- the years in which each counts: both name the same columns, each measure has one
-- column in a year, and one measure ranks the pupils of a year.
with named as (
    {% for measure, _, columns in ks4_measures() -%}
    {%- set is_last_measure = loop.last -%}
    {%- for column in columns %}
    select
        '{{ measure }}' as measure,
        '{{ column }}' as column_name
    {% if not (is_last_measure and loop.last) %}union all{% endif %}
    {%- endfor -%}
    {%- endfor %}
),

listed as (
    select * from {{ ref('ks4_measure') }}
),

two_in_a_year as (
    select
        earlier.measure,
        later.column_name
    from listed as earlier
    inner join listed as later
        on
            earlier.first_academic_year <= later.first_academic_year
            and coalesce(earlier.last_academic_year, '9999/9999')
            >= later.first_academic_year
            and (
                earlier.measure = later.measure
                or (earlier.is_rank_measure and later.is_rank_measure)
            )
            and (
                earlier.measure <> later.measure
                or earlier.first_academic_year <> later.first_academic_year
            )
)

select
    named.measure,
    named.column_name
from named
left join listed
    on named.measure = listed.measure and named.column_name = listed.column_name
where listed.measure is null
union all
select
    listed.measure,
    listed.column_name
from listed
left join named
    on listed.measure = named.measure and listed.column_name = named.column_name
where named.measure is null
union all
select
    measure,
    column_name
from two_in_a_year
