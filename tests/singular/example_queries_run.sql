{{ config(enabled=(target.type == 'duckdb')) }}
-- The example queries in the descriptions are the first thing that a reader copies, so
-- each of them is planned here: one that names a column that is no more breaks the
-- build, with the engine's own words. One row for each relation of the marts and of
-- quality without an example, and for each example that compares the enum.
-- depends_on: {{ ref('warning') }}
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
{%- if execute and flags.WHICH in ('build', 'test') -%}
{%- set nodes = graph.nodes.values() | list + graph.exposures.values() | list -%}
{%- for node in nodes if node.resource_type in ('model', 'exposure') -%}
    {%- set examples = modules.re.findall(
        '```sql\n(.*?)```', node.description, modules.re.S
    ) -%}
    {%- if not examples and node.schema in ('marts', 'quality') -%}
        {%- do wrong.append(node.name) -%}
    {%- endif -%}
    {%- for example in examples -%}
        {%- do run_query('explain ' ~ example) -%}
        {%- if modules.re.search('highest_intervention(_so_far)?\\s*[<>]', example) -%}
            {%- do wrong.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{%- endif %}

with wrong as (
    select '' as relation_name
    {%- for name in wrong %}
    union all
    select '{{ name }}' as relation_name
    {%- endfor %}
)

select relation_name
from wrong
where relation_name <> ''
