with files as (
    select
        dataset,
        file_name as source_file,
        lines
    from {{ source('raw', 'load_files') }}
),

outcomes as (
    select * from {{ ref('row_outcome') }}
),

kept as (
    select
        dataset,
        source_file,
        step,
        sum(n_rows) as n_rows
    from outcomes
    where is_kept
    group by dataset, source_file, step
),

-- The rows that go into a step are counted at its source, and the results at its end. A
-- row that is lost in between makes the two sides differ, and a test fails.
steps as (
    {% for dataset in datasets() %}
    {% for step, number, step_before, only_datasets in [
        ('file to raw', 1, 'file', datasets()),
        ('raw to staging', 2, 'file to raw', datasets()),
        ('staging to person', 3, 'raw to staging', datasets()),
        ('staging to episode', 4, 'raw to staging', ['cla']),
        ('staging to result', 4, 'raw to staging', ['ks4']),
        ('staging to offence', 4, 'raw to staging', ['offence']),
        ('staging to school year', 4, 'raw to staging', ['absence', 'census']),
    ] if dataset in only_datasets %}
    select
        '{{ dataset }}' as dataset,
        {{ number }} as step_number,
        '{{ step }}' as step,
        '{{ step_before }}' as step_before
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

inputs as (
    select
        files.dataset,
        files.source_file,
        steps.step_number,
        steps.step,
        case
            when steps.step_before = 'file' then files.lines
            else coalesce(kept.n_rows, 0)
        end as n_rows_in
    from files
    inner join steps on files.dataset = steps.dataset
    left join kept
        on
            files.dataset = kept.dataset
            and files.source_file = kept.source_file
            and steps.step_before = kept.step
),

final as (
    select
        coalesce(inputs.dataset, outcomes.dataset) as dataset,
        coalesce(inputs.source_file, outcomes.source_file) as source_file,
        inputs.step_number,
        coalesce(inputs.step, outcomes.step) as step,
        cast(coalesce(inputs.n_rows_in, 0) as bigint) as n_rows_in,
        coalesce(outcomes.outcome, 'no rows') as outcome,
        outcomes.is_kept,
        cast(coalesce(outcomes.n_rows, 0) as bigint) as n_rows
    from inputs
    full outer join outcomes
        on
            inputs.dataset = outcomes.dataset
            and inputs.source_file = outcomes.source_file
            and inputs.step = outcomes.step
)

select * from final
