{{ config(
    enabled=(var('intervention_definition') == 'data_explained'),
) }}
-- The default definition, written out a second time from the evidence in the mart: any
-- row makes a child looked after; then a plan by either method; then in need on 31
-- March; everyone else in the children in need extract is referral only; everyone else
-- had no contact.
select 1 as breach
from {{ ref('person_highest_intervention') }}
where
    highest_intervention_rank <> case
        when in_cla then 4
        when coalesce(cpp_by_abuse_category or cpp_by_previous_plans, false) then 3
        when coalesce(is_child_in_need, false) then 2
        when in_cin then 1
        else 0
    end
