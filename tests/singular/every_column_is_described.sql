{{ config(tags=['logic'], enabled=(target.type == 'duckdb')) }}
-- dbt does not check the columns that a description names, save where a contract is
-- enforced: one that was renamed keeps its old description in silence, and a new one
-- has none. So: each column of each model and seed is described in YAML, and each
-- described column is there.
-- depends_on: {{ ref('warning') }}
-- depends_on: {{ ref('column_aliases') }}
-- depends_on: {{ ref('column_coverage') }}
-- depends_on: {{ ref('published_comparison') }}
-- depends_on: {{ ref('care_episode') }}
-- depends_on: {{ ref('period_of_care') }}
-- depends_on: {{ ref('person_year') }}
-- depends_on: {{ ref('person_placement') }}
-- depends_on: {{ ref('person_highest_intervention') }}
-- depends_on: {{ ref('definition_sensitivity') }}
-- depends_on: {{ ref('cpp_agreement') }}
-- depends_on: {{ ref('referral_only_agreement') }}
{%- set described = [] -%}
{%- set relations = [] -%}
{%- if execute -%}
{%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
    {%- do relations.append(node.schema ~ '.' ~ node.alias) -%}
    {%- for column in node.columns.values() if column.description -%}
        {%- do described.append((node.schema, node.alias, column.name)) -%}
    {%- endfor -%}
{%- endfor -%}
{%- endif %}

with described as (
    select
        '' as schema_name,
        '' as relation_name,
        '' as column_name
    {%- for schema_name, relation_name, column_name in described %}
    union all
    select
        '{{ schema_name }}' as schema_name,
        '{{ relation_name }}' as relation_name,
        '{{ column_name }}' as column_name
    {%- endfor %}
),

built as (
    select
        table_schema as schema_name,
        table_name as relation_name,
        column_name
    from information_schema.columns
    where
        table_catalog = '{{ target.database }}'
        and table_schema || '.' || table_name in (
            '{{ relations | join("', '") }}'
        )
)

select
    coalesce(described.schema_name, built.schema_name) as schema_name,
    coalesce(described.relation_name, built.relation_name) as relation_name,
    coalesce(described.column_name, built.column_name) as column_name
from described
full outer join built
    on
        described.schema_name = built.schema_name
        and described.relation_name = built.relation_name
        and described.column_name = built.column_name
where
    (described.column_name is null or built.column_name is null)
    and coalesce(described.column_name, built.column_name) <> ''
