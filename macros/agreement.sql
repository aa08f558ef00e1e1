{% macro agreement(answers, first_method, second_method) %}
    {#- How far two yes-or-no methods agree, for each year and for all years together.
        `answers` names a CTE with one row per person and period: academic_year ('all' for the
        whole), and a boolean column, never NULL, for each method. Gives four rows a period, one for
        each pair of answers, also where nobody gave it, with the agreement of the period on each:
        agreement_percent is 100 times the share of persons whom both methods answer alike;
        cohens_kappa is (observed - expected) / (1 - expected), where `expected` is the share that
        two independent methods with the same margins would answer alike. NULL where both methods
        give everybody the same answer, for then nothing is left to agree on. -#}
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
            sum(case when {{ first_method }} = {{ second_method }} then n_persons else 0 end)
                as n_agree,
            sum(case when {{ first_method }} then n_persons else 0 end) as n_first,
            sum(case when {{ second_method }} then n_persons else 0 end) as n_second
        from cells
        group by academic_year
    ),

    shares as (
        select
            academic_year,
            n_total,
            cast(n_agree as double) / n_total as observed,
            cast(n_first as double) / n_total * (cast(n_second as double) / n_total)
            + (1 - cast(n_first as double) / n_total)
            * (1 - cast(n_second as double) / n_total) as expected,
            (n_first = 0 and n_second = 0)
            or (n_first = n_total and n_second = n_total) as is_all_alike
        from totals
    ),

    final as (
        select
            cells.academic_year,
            cells.{{ first_method }},
            cells.{{ second_method }},
            cast(cells.n_persons as bigint) as n_persons,
            cast(shares.n_total as bigint) as n_persons_in_year,
            round(100 * shares.observed, 2) as agreement_percent,
            case
                when not shares.is_all_alike
                    then round((shares.observed - shares.expected) / (1 - shares.expected), 4)
            end as cohens_kappa
        from cells
        inner join shares on cells.academic_year = shares.academic_year
    )
{% endmacro %}
