with items as (
    select * from {{ ref('mart_item') }}
),

windows as (
    select
        cla_first_year is not null and cin_first_year is not null
            as has_all_social_care
    from {{ ref('int_observation_window') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

evidence as (
    {% for model, columns in evidence_columns().items() %}
    select
        '{{ model }}' as evidence_model,
        column_name as evidence_column,
        n_rows,
        n_filled
    from {{ filled_counts(ref(model), columns) }} as counted
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- An item without evidence keeps its row, so that a test can find it.
final as (
    select
        items.mart_name || '.' || items.item_name as item,
        items.mart_name,
        items.item_name,
        case
            when evidence.n_filled = 0 then 'not available'
            when
                items.is_lower_bound_if_latest_only
                and not releases.is_every_episode_shown
                then 'lower bound'
            when
                evidence.n_filled < evidence.n_rows
                or (items.needs_all_social_care and not windows.has_all_social_care)
                then 'partial'
            else 'complete'
        end as scope,
        cast(evidence.n_rows as bigint) as n_rows,
        cast(evidence.n_filled as bigint) as n_rows_with_value
    from items
    cross join releases
    cross join windows
    left join evidence
        on
            items.evidence_model = evidence.evidence_model
            and items.evidence_column = evidence.evidence_column
)

select * from final
