{{ config(tags=['logic'], enabled=(target.type == 'duckdb')) }}
-- The example queries in the descriptions are the first thing that a reader copies, so each of them is
-- planned here: one that names a column that is no more breaks the build. One row for each example that
-- does not compare as the descriptions advise; an example that cannot run fails with its own error.
-- depends_on: {{ ref('warning') }}
-- depends_on: {{ ref('column_coverage') }}
-- depends_on: {{ ref('care_episode') }}
-- depends_on: {{ ref('period_of_care') }}
-- depends_on: {{ ref('person_year') }}
-- depends_on: {{ ref('person_placement') }}
-- depends_on: {{ ref('person_highest_intervention') }}
-- depends_on: {{ ref('definition_sensitivity') }}
-- depends_on: {{ ref('cpp_agreement') }}
-- depends_on: {{ ref('referral_only_agreement') }}
{%- set wrong = [] -%}
{%- if execute -%}
    {%- set nodes = graph.nodes.values() | list + graph.exposures.values() | list -%}
    {%- for node in nodes if node.resource_type in ('model', 'seed', 'exposure') -%}
        {%- set examples = modules.re.findall('```sql\n(.*?)```', node.description, modules.re.S) -%}
        {%- for example in examples -%}
            {%- do run_query('explain ' ~ example) -%}
            {%- if modules.re.search('highest_intervention(_so_far)?\\s*[<>=]', example) -%}
                {%- do wrong.append(node.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not examples and node.schema in ('marts', 'quality') -%}
            {%- do wrong.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif %}

with wrong as (
    select '' as name
    {%- for name in wrong %}
    union all
    select '{{ name }}' as name
    {%- endfor %}
)

select name
from wrong
where name <> ''
