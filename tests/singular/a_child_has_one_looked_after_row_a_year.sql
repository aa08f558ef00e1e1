{{ config(tags=['user_data'], severity='warn') }}
-- Where a release holds the latest episode of a year only, a second row of one child
-- and year is suspect. Where it holds every episode, it is not.
select 1 as breach
from {{ ref('int_cla_person_year') }} as person_years
cross join {{ ref('int_cla_release') }} as releases
where person_years.n_cla_rows > 1 and not releases.is_every_episode_shown
