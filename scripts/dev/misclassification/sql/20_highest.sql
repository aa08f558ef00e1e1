-- Each pupil's category in each release.
create or replace table answer as
select 'latest-episode' as release, pupil_id, highest_intervention_rank as seen_rank,
from latest.marts.person_highest_intervention
union all
select 'all-episodes', pupil_id, highest_intervention_rank,
from every.marts.person_highest_intervention;

-- Why a pupil's category is too low: what hid the contact that makes the true category.
-- Each pupil has one reason, the first that applies.
create or replace table classed as
select
    answer.release,
    person.pupil_id,
    year(person.birth_date) as birth_year,
    true_category.category_rank as true_rank,
    answer.seen_rank,
    case
        when answer.seen_rank >= true_rank then null
        when in_every.seen_rank >= true_rank then 'release'
        when not contact.is_in_years then 'years'
        when not contact.is_visible then 'rule'
        else 'reference'
    end as reason,
from pupil as person
inner join category as true_category
    on person.true_highest_intervention = true_category.category
inner join answer on person.pupil_id = answer.pupil_id
inner join answer as in_every
    on person.pupil_id = in_every.pupil_id
    and in_every.release = 'all-episodes'
left join contact
    on person.pupil_id = contact.pupil_id
    and contact.category_rank = true_category.category_rank;

create or replace table confusion as
select
    releases.release,
    true_category.category as true_category,
    seen_category.category as seen_category,
    count(classed.pupil_id) as n_pupils,
from releases
cross join category as true_category
cross join category as seen_category
left join classed
    on releases.release = classed.release
    and true_category.category_rank = classed.true_rank
    and seen_category.category_rank = classed.seen_rank
group by all
order by
    releases.release desc,
    any_value(true_category.category_rank),
    any_value(seen_category.category_rank);

-- The category of a pupil without contact cannot be too low, so shares are of pupils
-- with contact.
create or replace macro too_low_of(cut) as table
select
    release,
    cut as cut,
    count(*) as n_pupils,
    count(reason) as n_too_low,
    count(*) filter (where seen_rank > true_rank) as n_too_high,
    count(*) filter (where reason = 'years') as n_years,
    count(*) filter (where reason = 'rule') as n_rule,
    count(*) filter (where reason = 'reference') as n_reference,
    count(*) filter (where reason = 'release') as n_release,
    round(100 * n_too_low / n_pupils, 2) as percent_too_low,
from classed
where true_rank > 0
group by all;

create or replace table too_low_by_category as
select too_low.* replace (category.category as cut),
from too_low_of(true_rank) as too_low
inner join category on too_low.cut = category.category_rank
order by too_low.release desc, category.category_rank;

create or replace table too_low_by_birth_year as
from too_low_of(birth_year)
order by release desc, cut;

create or replace table too_low_of_all as
from too_low_of('all with contact')
order by release desc;

create or replace table release_changes_category as
select
    count(*) filter (where thin.seen_rank < full_one.seen_rank) as n_lower,
    count(*) filter (where thin.seen_rank > full_one.seen_rank) as n_higher,
from answer as thin
inner join answer as full_one on thin.pupil_id = full_one.pupil_id
where thin.release = 'latest-episode'
    and full_one.release = 'all-episodes';
