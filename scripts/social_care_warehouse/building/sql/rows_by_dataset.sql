with words as (
    from (
        values
        (1, 'cla', 'children looked after'),
        (2, 'cin', 'children in need'),
        (3, 'population', 'list of pupils'),
        (4, 'ks4', 'results at 16'),
        (5, 'absence', 'absence from school'),
        (6, 'exclusion', 'exclusions from school'),
        (7, 'census', 'school census'),
        (8, 'offence', 'police records')
    ) as listed (place, dataset, meaning)
),

accounts as (
    select
        dataset,
        sum(n_rows) filter (where step = 'file to raw') as n_lines,
        coalesce(sum(n_rows) filter (where step = 'file to raw' and is_kept), 0)
            as n_loaded,
        coalesce(sum(n_rows) filter (where step = 'file to raw' and not is_kept), 0)
            as n_rejected,
        coalesce(sum(n_rows) filter (where step = 'staging to person' and is_kept), 0)
            as n_linked,
        coalesce(
            sum(n_rows) filter (where step = 'staging to person' and not is_kept), 0
        ) as n_unlinked
    from quality.row_accounting
    group by dataset
),

persons as (
    unpivot (
        select
            sum(n_pupils) filter (where in_cla) as cla,
            sum(n_pupils) filter (where in_cin) as cin,
            sum(n_pupils) filter (where in_population) as population,
            sum(n_pupils) filter (where in_ks4) as ks4,
            sum(n_pupils) filter (where in_absence) as absence,
            sum(n_pupils) filter (where in_exclusion) as exclusion,
            sum(n_pupils) filter (where in_census) as census,
            sum(n_pupils) filter (where in_offence) as offence
        from quality.dataset_overlap
    )
    on columns(*) into name dataset value n_persons
)

select
    case
        when accounts.n_lines is null
            then words.dataset || ' (' || words.meaning || ')'
        else words.dataset
    end as dataset,
    accounts.n_lines,
    accounts.n_loaded,
    accounts.n_rejected,
    accounts.n_linked,
    accounts.n_unlinked,
    coalesce(persons.n_persons, 0) as n_persons
from words
left join accounts on words.dataset = accounts.dataset
left join persons on words.dataset = persons.dataset
order by words.place
