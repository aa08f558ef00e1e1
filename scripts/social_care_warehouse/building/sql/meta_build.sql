insert into meta.build
values (
    $project_version, $git_commit, $has_uncommitted_changes, $dbt_version, $dbt_duckdb_version,
    $duckdb_version, $python_version, $vars, $intervention_definition, $started_at, $finished_at
)
