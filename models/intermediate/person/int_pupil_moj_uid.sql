with sightings as (
    {% for dataset in datasets() %}
    select
        pupil_id,
        moj_uid
    from {{ ref('stg_' ~ dataset) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        pupil_id,
        moj_uid,
        count(*) as n_rows
    from sightings
    where pupil_id is not null and moj_uid is not null
    group by pupil_id, moj_uid
),

-- The one delivered most often is taken for the person's; the first in the alphabet
-- where two are equally frequent, so that the order of rows in a file never decides.
ranked as (
    select
        pupil_id,
        moj_uid,
        n_rows,
        row_number() over (
            partition by pupil_id order by n_rows desc, moj_uid asc
        ) as preference,
        count(*) over (partition by pupil_id) as n_moj_uids
    from counted
),

final as (
    select
        pupil_id,
        moj_uid,
        cast(n_rows as integer) as n_rows,
        cast(n_moj_uids as integer) as n_moj_uids,
        n_moj_uids > 1 as has_conflicting_moj_uid
    from ranked
    where preference = 1
)

select * from final
