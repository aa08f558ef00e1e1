with record_rows as (
    select * from {{ ref('int_cla_record_row') }}
),

-- The latest year comes first, and of its rows with one end the one whose reason ends
-- the period of care. The rest of the order only makes the choice independent of the
-- order of rows in a file.
ordered as (
    select
        *,
        case
            when is_open_31_march then reporting_year_end_date
            else recorded_end_date
        end as known_or_observed_end_date,
        row_number() over (
            partition by pupil_id, episode_start_date, record_mark
            order by
                is_used desc,
                reporting_year desc nulls last,
                is_open_31_march desc,
                recorded_end_date desc nulls last,
                end_rank asc nulls last,
                reason_episode_ceased_code asc nulls last,
                placement_code asc nulls last,
                legal_status_code asc nulls last,
                category_of_need_code asc nulls last,
                local_authority_code asc nulls last,
                reason_new_episode_code asc nulls last,
                period_of_care_start_date asc nulls last,
                period_of_care_length asc nulls last
        ) as recency
    from record_rows
),

-- The end, its reason and the length belong together, so all come from one row, blank
-- or not. The other facts do not change while an episode lasts: the latest year with a
-- value wins.
folded as (
    select
        pupil_id,
        episode_start_date,
        record_mark,
        max(reporting_year) filter (where recency = 1) as last_seen_year,
        bool_or(is_open_31_march) filter (where recency = 1) as is_censored,
        max(recorded_end_date) filter (where recency = 1) as recorded_end_date,
        max(reason_episode_ceased_code) filter (where recency = 1)
            as reason_episode_ceased_code,
        max(period_of_care_length) filter (where recency = 1) as period_of_care_length,
        max(known_or_observed_end_date) filter (where recency = 1) as episode_end_date,
        {% for column in [
            'placement_code',
            'legal_status_code',
            'category_of_need_code',
            'local_authority_code',
            'reason_new_episode_code',
            'period_of_care_start_date',
        ] %}
        min_by({{ column }}, recency) filter (
            where {{ column }} is not null and is_used
        ) as {{ column }},
        {% endfor %}
        min(reporting_year) as first_seen_year,
        cast(count(*) as integer) as n_yearly_rows,
        {{ is_disputed('placement_code') }} as is_placement_code_disputed,
        {{ is_disputed('legal_status_code') }} as is_legal_status_code_disputed,
        {{ is_disputed('category_of_need_code') }}
            as is_category_of_need_code_disputed
    from ordered
    group by pupil_id, episode_start_date, record_mark
),

-- The first record of a start is the one that is open, or ends last.
final as (
    select
        *,
        cast(row_number() over (
            partition by pupil_id, episode_start_date
            order by
                is_censored desc, episode_end_date desc nulls last, record_mark asc
        ) as integer) as record_number
    from folded
)

select * from final
