-- Code lists, as the reader of the mart meets them: a code without a label is one that
-- quality.code_list_breaches counts as unlisted. The reason of an open episode has no
-- label, whatever its code.
with codes as (
    {% for column in [
        'placement',
        'legal_status',
        'reason_episode_ceased',
        'category_of_need',
    ] %}
    select distinct
        '{{ column }}_code' as column_name,
        {{ column }}_code as code
    from {{ ref('care_episode') }}
    where
        {{ column }}_code is not null and {{ column }}_label is null
        {% if column == 'reason_episode_ceased' -%}
        and not is_censored
        {%- endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unlisted as (
    select distinct
        column_name,
        code
    from {{ ref('code_list_breaches') }}
    where dataset = 'cla' and breach = 'not in the code list'
)

select codes.column_name
from codes
left join unlisted
    on codes.column_name = unlisted.column_name and codes.code = unlisted.code
where unlisted.code is null
