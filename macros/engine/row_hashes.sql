{% macro row_hashes(relation, provenance) %}
    {#- To select from: a column row_hash with a number for each row of a relation, the same for rows
        that are alike in every column but those of `provenance`. -#}
    {{ return(
        adapter.dispatch('row_hashes', 'social_care_warehouse')(relation, provenance)
    ) }}
{% endmacro %}

{% macro default__row_hashes(relation, provenance) -%}
    (
        select hash(delivered_row) as row_hash
        from (
            select * exclude ({{ provenance | join(', ') }}) from {{ relation }}
        ) as delivered_row
    ) as row_hashes
{%- endmacro %}

{% macro provenance_columns() %}
    {#- What the loader adds to each row to say where it comes from. -#}
    {{ return(['_source_file', '_source_line', '_source_row', '_loaded_at']) }}
{% endmacro %}

{% macro spark__row_hashes(relation, provenance) -%}
    {#- The row itself, which Spark groups by: its hash functions pass over NULL, so that a value
        would count the same in whichever column it stands. -#}
    (
        select struct(delivered_row.*) as row_hash
        from (
            select * except ({{ provenance | join(', ') }}) from {{ relation }}
        ) as delivered_row
    ) as row_hashes
{%- endmacro %}
