-- dbt does not check the columns that a description names, save where a contract is
-- enforced: one that was renamed keeps its old description silently, and a new one
-- has none. So: each column of each model and seed is described in YAML, and each
-- described column is there.
-- depends_on: {{ ref('warning') }}
-- depends_on: {{ ref('column_aliases') }}
-- depends_on: {{ ref('column_coverage') }}
-- depends_on: {{ ref('published_comparison') }}
-- depends_on: {{ ref('care_episode') }}
-- depends_on: {{ ref('period_of_care') }}
-- depends_on: {{ ref('mart_coverage') }}
-- depends_on: {{ ref('person_year') }}
-- depends_on: {{ ref('person_placement') }}
-- depends_on: {{ ref('person_highest_intervention') }}
-- depends_on: {{ ref('definition_sensitivity') }}
-- depends_on: {{ ref('cpp_agreement') }}
-- depends_on: {{ ref('referral_only_agreement') }}
{%- set wrong = [] -%}
{%- if execute -%}
{%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
    {%- set described = [] -%}
    {%- for column in node.columns.values() if column.description -%}
        {%- do described.append(column.name) -%}
    {%- endfor -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
    {%- set built = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) if relation -%}
        {%- do built.append(column.name) -%}
    {%- endfor -%}
    {%- for name in described + built if (name in described) != (name in built) -%}
        {%- do wrong.append((node.name, name)) -%}
    {%- endfor -%}
{%- endfor -%}
{%- endif %}

with wrong as (
    select
        '' as relation_name,
        '' as column_name
    {%- for relation_name, column_name in wrong %}
    union all
    select
        '{{ relation_name }}' as relation_name,
        '{{ column_name }}' as column_name
    {%- endfor %}
)

select
    relation_name,
    column_name
from wrong
where relation_name <> ''
