{% macro placement_group(placements) -%}
    {#- The published group of a placement, care by relatives or friends told apart from care by other
        foster carers; the same over all years although the codes changed. NULL where the code is
        blank or on no list. `placements` is the alias of the seed placement. -#}
    coalesce(
        {{ placements }}.published_group || ': ' || {{ placements }}.foster_carer_type,
        {{ placements }}.published_group
    )
{%- endmacro %}
