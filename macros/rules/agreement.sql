{% macro comparable_years(dataset, first_columns, second_columns) %}
    {#- A CTE body: the years in which the dictionary says that both methods have something to see,
        each in at least one of the columns that it reads. -#}
    select years.academic_year
    from (select distinct academic_year from answers) as years
    where
        {% for columns in [first_columns, second_columns] %}
        {% if not loop.first %}and {% endif %}exists (
            select 1 as one
            from availability
            where
                availability.dataset = '{{ dataset }}'
                and availability.column_name in ('{{ columns | join("', '") }}')
                and (
                    years.academic_year = 'all'
                    or {{ reporting_year_named('years.academic_year') }}
                    between availability.first_year
                    and coalesce(availability.last_year, 9999)
                )
        )
        {% endfor %}
{% endmacro %}

{% macro agreement(answers, comparable, first_method, second_method) %}
    {#- How far two yes-or-no methods agree, for each year and for all years together.
        `answers` names a CTE with one row per person and period: academic_year ('all' for the
        whole), and a boolean column, never NULL, for each method; `comparable` names a CTE with the
        academic_year of the periods in which both methods can see anything. Gives four rows a
        period, one for each pair of answers, also where nobody gave it, with the measures of the
        period on each. They are NULL where the period is not comparable, for there a method that
        says no only says that it is blind:
        agreement_percent is 100 times the share of persons whom both methods answer alike;
        cohens_kappa is (observed - expected) / (1 - expected), where `expected` is the share that
        two independent methods with the same margins would answer alike. NULL where both methods
        give everybody the same answer, for then nothing is left to agree on;
        the sensitivity of a method is the share of the other's yes that it finds, its specificity
        the share of the other's no that it leaves out, in per cent. NULL where the other has none.
    -#}
    pairs as (
        select
            periods.academic_year,
            first_answers.answer as {{ first_method }},
            second_answers.answer as {{ second_method }}
        from (select distinct academic_year from {{ answers }}) as periods
        cross join (select true as answer union all select false as answer) as first_answers
        cross join (select true as answer union all select false as answer) as second_answers
    ),

    counted as (
        select
            academic_year,
            {{ first_method }},
            {{ second_method }},
            count(*) as n_persons
        from {{ answers }}
        group by academic_year, {{ first_method }}, {{ second_method }}
    ),

    cells as (
        select
            pairs.academic_year,
            pairs.{{ first_method }},
            pairs.{{ second_method }},
            coalesce(counted.n_persons, 0) as n_persons
        from pairs
        left join counted
            on
                pairs.academic_year = counted.academic_year
                and pairs.{{ first_method }} = counted.{{ first_method }}
                and pairs.{{ second_method }} = counted.{{ second_method }}
    ),

    totals as (
        select
            academic_year,
            sum(n_persons) as n_total,
            sum(case when {{ first_method }} and {{ second_method }} then n_persons end)
                as n_both,
            sum(case when {{ first_method }} then n_persons end) as n_first,
            sum(case when {{ second_method }} then n_persons end) as n_second
        from cells
        group by academic_year
    ),

    shares as (
        select
            totals.academic_year,
            totals.n_total,
            totals.n_both,
            totals.n_first,
            totals.n_second,
            totals.n_total - totals.n_first - totals.n_second + totals.n_both as n_neither,
            comparable_years.academic_year is not null as is_comparable,
            cast(totals.n_first as double) / totals.n_total
            * (cast(totals.n_second as double) / totals.n_total)
            + (1 - cast(totals.n_first as double) / totals.n_total)
            * (1 - cast(totals.n_second as double) / totals.n_total) as expected,
            (totals.n_first = 0 and totals.n_second = 0)
            or (totals.n_first = totals.n_total and totals.n_second = totals.n_total)
                as is_all_alike
        from totals
        left join {{ comparable }} as comparable_years
            on totals.academic_year = comparable_years.academic_year
    ),

    measures as (
        select
            *,
            cast(n_both + n_neither as double) / n_total as observed,
            case when n_second > 0 then 100.0 * n_both / n_second end
                as first_sensitivity,
            case when n_total > n_second then 100.0 * n_neither / (n_total - n_second) end
                as first_specificity,
            case when n_first > 0 then 100.0 * n_both / n_first end
                as second_sensitivity,
            case when n_total > n_first then 100.0 * n_neither / (n_total - n_first) end
                as second_specificity
        from shares
    ),

    final as (
        select
            cells.academic_year,
            cells.{{ first_method }},
            cells.{{ second_method }},
            cast(cells.n_persons as bigint) as n_persons,
            cast(measures.n_total as bigint) as n_persons_in_year,
            measures.is_comparable,
            case when measures.is_comparable then round(100 * measures.observed, 2) end
                as agreement_percent,
            case
                when measures.is_comparable and not measures.is_all_alike
                    then
                        round(
                            (measures.observed - measures.expected)
                            / (1 - measures.expected),
                            4
                        )
            end as cohens_kappa,
            {% for method, which in [(first_method, 'first'), (second_method, 'second')] %}
            {% set last_method = loop.last %}
            {% for measure in ['sensitivity', 'specificity'] %}
            case
                when measures.is_comparable
                    then round(cast(measures.{{ which }}_{{ measure }} as double), 2)
            end as {{ method }}_{{ measure }}_percent
            {%- if not (last_method and loop.last) %},{% endif %}
            {% endfor %}
            {% endfor %}
        from cells
        inner join measures on cells.academic_year = measures.academic_year
    )
{% endmacro %}
