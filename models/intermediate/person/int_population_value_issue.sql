{%- set checked_columns = ['pupil_id', 'moj_uid', 'year_of_birth', 'month_of_birth'] -%}
with population as (
    select * from {{ ref('stg_population') }}
),

final as (
    {{ issues_of_columns('population', 'cast(null as string)', checked_columns) }}
)

select * from final
