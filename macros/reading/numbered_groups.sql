{% macro numbered_groups(relation, columns, n_groups) -%}
    {#- To select from: a row for each numbered group of columns (`category_1`, `reason_1` and so on, up
        to `n_groups`), empty or not. The cells are `slot_category`, `slot_reason` and so on, and the
        column `slot` has the number as `slot_1`. Engines differ in which empty groups they leave out,
        so none is left out here. -#}
    {{ relation }}
    unpivot include nulls (
        ({% for column in columns %}slot_{{ column }}{{ ', ' if not loop.last }}{% endfor %}) for slot in (
            {%- for number in range(1, n_groups + 1) %}
            ({% for column in columns %}{{ column }}_{{ number }}{{ ', ' if not loop.last }}{% endfor %}) as slot_{{ number }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    )
{%- endmacro %}
