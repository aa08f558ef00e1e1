with cla as (
    select * from {{ ref('stg_cla') }}
),

-- Flag first, leave out later: the reasons are counted in quality.row_accounting.
flagged as (
    select
        *,
        case
            when pupil_id is null then 'no pupil reference'
            when episode_start_date is null then 'no episode start date'
        end as exclusion_reason,
        {{ reporting_year_end('reporting_year') }} as reporting_year_end_date
    from cla
),

-- What one yearly row shows about its episode. An end after 31 March of that year was
-- still in the future when the row was reported: the child was still looked after, as
-- with reason -10.
final as (
    select
        pupil_id,
        episode_start_date,
        reporting_year,
        academic_year,
        exclusion_reason,
        reporting_year_end_date,
        coalesce(reason_episode_ceased_code = '-10', false)
        or episode_end_date is null
        or coalesce(episode_end_date > reporting_year_end_date, false)
            as is_open_31_march,
        episode_end_date as recorded_end_date,
        reason_episode_ceased_code,
        reason_new_episode_code,
        placement_code,
        legal_status_code,
        category_of_need_code,
        local_authority_code,
        period_of_care_start_date,
        period_of_care_length,
        _source_file
    from flagged
)

select * from final
