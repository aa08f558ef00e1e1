{% macro read_number(text) -%}
    {#- A number, to three decimals; NULL where the text is none. Letters are refused first, because
        engines differ in what else they take for a number ('inf', '1e3', '0x1F'). -#}
    {{ try_cast("case when " ~ matches(text, '[-+]?[0-9]+([.][0-9]*)?') ~ " then " ~ text ~ " end", 'decimal(18, 3)') }}
{%- endmacro %}

{% macro read_integer(text) -%}
    {#- A whole number; '3' and '3.0' are both 3. NULL where the text is none, or has a fraction. -#}
    {{ try_cast("case when " ~ matches(text, '[-+]?[0-9]{1,9}([.]0*)?') ~ " then " ~ first_part(text) ~ " end", 'integer') }}
{%- endmacro %}

{% macro first_part(text) -%}
    split_part({{ text }}, '.', 1)
{%- endmacro %}

{% macro plausible_number(number, lowest, highest) -%}
    {#- The number, or NULL where it lies outside the range (both ends included): a slip, not a count. -#}
    case when {{ number }} between {{ lowest }} and {{ highest }} then {{ number }} end
{%- endmacro %}
