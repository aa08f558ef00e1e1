-- What built this warehouse and from which files. No row of these tables is about a person.
drop schema if exists meta cascade;

create schema meta;

create table meta.build (
    project_version varchar not null,
    git_commit varchar,
    has_uncommitted_changes boolean,
    dbt_version varchar not null,
    dbt_duckdb_version varchar not null,
    duckdb_version varchar not null,
    python_version varchar not null,
    vars json not null,
    intervention_definition varchar not null,
    started_at timestamp not null,
    finished_at timestamp not null
);

create table meta.test_result (
    test_name varchar not null,
    test_type varchar not null,
    status varchar not null,
    n_failures bigint,
    tested_at timestamp not null
);

create table meta.built_node (
    node varchar not null,
    fingerprint varchar not null
);

create table meta.input_file as
select
    file_name,
    dataset,
    sha256,
    bytes,
    lines,
    rows_loaded,
    rows_rejected
from raw.load_files
order by dataset, file_name;

-- The number that DuckDB keeps of a table is exact for one that no row was deleted from.
create table meta.table_rows as
select
    schema_name,
    table_name,
    estimated_size as n_rows
from duckdb_tables()
where database_name = current_database() and schema_name <> 'meta'
order by schema_name, table_name;

comment on table meta.build is 'One row: which versions built this warehouse, when, and with which settings. Times are UTC.';
comment on table meta.input_file is 'One row per loaded file, with the hash of its bytes.';
comment on table meta.table_rows is 'One row per table: the number of rows when it was built.';
comment on table meta.test_result is 'One row per test of what is in the warehouse. test_type: data for a check of your extracts, logic for a check of this project. tested_at: when the build that ran it started; earlier than meta.build.started_at if nothing that it tests has changed since. UTC.';
comment on table meta.built_node is 'One row per table and test, with a hash of what it was made from. The next build compares it to see what it must build again.';
