with pupil_rows as (
    select * from {{ ref('int_pupil_row') }}
    where moj_uid is not null
),

counted as (
    select
        pupil_id,
        moj_uid,
        count(*) as n_rows
    from pupil_rows
    group by pupil_id, moj_uid
),

-- The most frequent identifier is the person's. If several are equally frequent, the
-- first in alphabetical order is taken: the order of rows in a file never decides.
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
        preference = 1 as is_main,
        cast(n_moj_uids as integer) as n_moj_uids,
        n_moj_uids > 1 as has_conflicting_moj_uid
    from ranked
)

select * from final
