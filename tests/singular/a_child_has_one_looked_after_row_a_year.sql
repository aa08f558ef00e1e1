{{ config(tags=['user_data'], severity='warn') }}
-- A release with only the latest episode of each year has one row per child and year.
-- A release of every episode may have more.
select 1 as breach
from {{ ref('int_cla_person_year') }} as person_years
cross join {{ ref('int_cla_release') }} as releases
where person_years.n_cla_rows > 1 and not releases.is_every_episode_shown
