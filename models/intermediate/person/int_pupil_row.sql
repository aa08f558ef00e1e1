{{ config(materialized='view') }}
-- A row without a pupil reference belongs to no person, so it stays in staging.
{% for dataset in all_datasets() %}
select
    '{{ dataset }}' as dataset,
    pupil_id,
    moj_uid,
    {% if dataset in social_care_datasets() -%}
    {{ yearly('academic_year', 'string', dataset) }} as academic_year,
    local_authority_code,
    {%- else -%}
    cast(null as string) as academic_year,
    cast(null as string) as local_authority_code,
    {%- endif %}
    _source_file,
    _source_row
from {{ without_catalog(ref('stg_' ~ dataset)) }}
where pupil_id is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
