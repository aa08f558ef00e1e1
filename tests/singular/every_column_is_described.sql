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
{%- set nodes = graph.nodes.values()
    | selectattr('resource_type', 'in', ['model', 'seed']) | list -%}
{%- set columns_of = built_columns(nodes) -%}
{%- for node in nodes -%}
    {%- set described = node.columns.values()
        | selectattr('description') | map(attribute='name') | list -%}
    {%- set built = columns_of.get((node.schema, node.alias), []) -%}
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
