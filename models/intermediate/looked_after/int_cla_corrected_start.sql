with records as (
    select
        *,
        row_number() over (
            partition by pupil_id order by episode_start_date, record_number
        ) as place
    from {{ ref('int_cla_record') }}
),

pairs as (
    select
        later.pupil_id,
        later.place,
        {{ days_between('earlier.episode_start_date', 'later.episode_start_date') }}
        between 1 and {{ var('corrected_date_max_days') }} as is_close,
        -- A record that is open on 31 March has a row in the next year. Where that row
        -- is missing, and another record that began before that 31 March is there for
        -- the first time, the second is the first with another start.
        coalesce(
            earlier.is_censored
            and earlier.last_seen_year < later.first_seen_year
            and later.episode_start_date <= earlier.episode_end_date,
            false
        )
        or coalesce(
            later.is_censored
            and later.last_seen_year < earlier.first_seen_year
            and earlier.episode_start_date <= later.episode_end_date,
            false
        ) as is_replaced,
        coalesce(earlier.local_authority_code = later.local_authority_code, true)
            as is_same_authority,
        coalesce(
            earlier.period_of_care_start_date = later.period_of_care_start_date, false
        )
        or (
            coalesce(earlier.placement_code = later.placement_code, true)
            and coalesce(earlier.legal_status_code = later.legal_status_code, true)
            and coalesce(
                earlier.category_of_need_code = later.category_of_need_code, true
            )
        ) as is_alike
    from records as earlier
    inner join records as later
        on earlier.pupil_id = later.pupil_id and earlier.place + 1 = later.place
),

chained as (
    select
        records.pupil_id,
        records.episode_start_date,
        records.record_number,
        records.place,
        records.first_seen_year,
        records.last_seen_year,
        sum(
            case
                when
                    pairs.is_close
                    and pairs.is_replaced
                    and pairs.is_same_authority
                    and pairs.is_alike
                    then 0
                else 1
            end
        ) over (
            partition by records.pupil_id
            order by records.place
            rows between unbounded preceding and current row
        ) as chain_number
    from records
    left join pairs
        on records.pupil_id = pairs.pupil_id and records.place = pairs.place
),

in_order_of_years as (
    select
        *,
        lag(last_seen_year) over (
            partition by pupil_id, chain_number order by first_seen_year, place
        ) >= first_seen_year as is_in_the_same_year
    from chained
),

-- Two records of one year cannot be the same episode, so such a chain is not used.
final as (
    select
        pupil_id,
        episode_start_date,
        record_number,
        cast(case
            when bool_or(coalesce(is_in_the_same_year, false)) over same_chain
                then place
            else min(place) over same_chain
        end as integer) as episode_number
    from in_order_of_years
    window same_chain as (partition by pupil_id, chain_number)
)

select * from final
