"""The synthetic lives: such as could have been lived, and near what is published."""

from __future__ import annotations

from synthetic import Extracts


def test_dates_follow_each_other(clean: Extracts) -> None:
    clean.none("select 1 from referral where closure_date < referral_date")
    clean.none("select 1 from plan where plan_end_date < plan_start_date")
    clean.none("select 1 from care_period where period_end_date <= period_start_date")
    clean.none("select 1 from care_episode where episode_end_date <= episode_start_date")
    clean.none(
        "select 1 from referral join person using (child_number)"
        " where referral_date < birth_date or closure_date > birth_date + interval 18 year"
    )
    clean.none(
        "select 1 from care_period join person using (child_number)"
        " where period_start_date < birth_date"
        " or period_end_date > birth_date + interval 18 year"
    )


def test_referrals_and_periods_of_a_child_do_not_overlap(clean: Extracts) -> None:
    clean.none(
        "select 1 from referral as one join referral as other using (child_number)"
        " where one.referral_number < other.referral_number"
        " and one.closure_date >= other.referral_date"
    )
    clean.none(
        "select 1 from care_period as one join care_period as other using (child_number)"
        " where one.period_number < other.period_number"
        " and one.period_end_date >= other.period_start_date"
    )


def test_plans_lie_inside_need(clean: Extracts) -> None:
    clean.none(
        "select 1 from plan join referral using (child_number, referral_number)"
        " where outcome != 'need' or plan_start_date < referral_date"
        " or plan_end_date > closure_date"
    )


def test_care_lies_inside_need_but_for_a_few(clean: Extracts) -> None:
    clean.none(
        "select 1 from care_period join referral using (child_number, referral_number)"
        " where outcome != 'need' or period_start_date < referral_date"
        " or (period_end_date > closure_date and not is_short_break)"
    )
    inside, outside = clean.rows(
        "select count(referral_number), count(*) - count(referral_number) from care_period"
    )[0]
    assert 0 < outside < 0.2 * inside


def test_a_period_is_made_of_consecutive_episodes(clean: Extracts) -> None:
    clean.none(
        "select 1 from (select child_number, period_number,"
        " min(episode_start_date) as first_day, max(episode_end_date) as last_day,"
        " sum(episode_end_date - episode_start_date) as nights,"
        " max(episode_end_date) > date '2018-03-31' as is_cut"
        " from care_episode group by all) join care_period using (child_number, period_number)"
        " where first_day != period_start_date"
        " or (last_day != period_end_date and not is_cut)"
        " or nights != last_day - first_day"
    )
    clean.none(
        "select 1 from (select *, lead(episode_start_date) over"
        " (partition by child_number, period_number order by episode_start_date) as next_day"
        " from care_episode) where (reason_ceased = 'X1') != (next_day is not null)"
        " and episode_end_date <= date '2018-03-31'"
    )
    clean.none(
        "select 1 from (select *, row_number() over"
        " (partition by child_number, period_number order by episode_start_date) as place"
        " from care_episode) where (reason_new_episode = 'S') != (place = 1)"
    )


def test_truth_of_a_person_adds_up(clean: Extracts) -> None:
    clean.none(
        "select 1 from person left join (select child_number,"
        " sum(least(period_end_date, date '2018-03-31') - period_start_date) as nights"
        " from care_period group by all) using (child_number)"
        " where coalesce(nights, 0) != true_care_days or visible_care_days > true_care_days"
    )
    clean.none(
        "select 1 from person where (true_highest_intervention = 'child looked after')"
        " != (n_periods > 0)"
    )


def test_what_is_visible_is_what_the_clean_rows_show(all_episodes: Extracts) -> None:
    """The rules of the warehouse, said again over the delivered files in another way."""
    shown = """
        with care as (select distinct CLA_PupilMatchingRefAnonymous as pupil_id from cla),
        need as (
            select CIN_PupilMatchingRefAnonymous as pupil_id,
                bool_or(coalesce(CIN_CategoryOfAbuse, CIN_InitialCategoryOfAbuse) is not null)
                or sum(CIN_NumberOfPreviousCPP::integer) >= 1 as plan,
                bool_or(CIN_CINat31March = '1') as need
            from cin group by all
        )
        select person.pupil_id from person
        left join care on person.pupil_id = care.pupil_id
        left join need on person.pupil_id = need.pupil_id
        where person.pupil_id is not null and visible_highest_intervention != case
            when care.pupil_id is not null then 'child looked after'
            when need.plan then 'child protection plan'
            when need.need then 'child in need'
            when need.pupil_id is not null then 'referral only'
            else 'no social care contact' end
    """
    all_episodes.none(shown)
    all_episodes.none(
        """
        with seen as (
            select CLA_PupilMatchingRefAnonymous as pupil_id,
                CLA_DATE_EPI_COMM::date as start_date, CLA_POC_START::date as period_start,
                max_by(if(CLA_REC = '-10', (CLA_PROCESSING_YEAR || '-03-31')::date,
                    CLA_DATE_EPI_CEASED::date), CLA_PROCESSING_YEAR) as end_date
            from cla where CLA_PupilMatchingRefAnonymous is not null group by all
        ),
        nights as (
            select pupil_id, sum(days) as days from (
                select pupil_id, max(end_date) - period_start as days from seen
                group by pupil_id, period_start
            ) group by pupil_id
        )
        select pupil_id from person left join nights using (pupil_id)
        where pupil_id is not null and visible_care_days != coalesce(days, 0)
        """
    )


def test_shares_are_plausible(dirty: Extracts) -> None:
    bands = {
        # Before 18, all children (Jay et al 2025; Mc Grath-Lone 2016).
        "avg((n_referrals > 0)::integer)": (0.32, 0.39),
        "avg((n_need_episodes > 0)::integer)": (0.22, 0.29),
        "avg((n_plans > 0)::integer)": (0.03, 0.08),
        "avg((n_periods > n_short_break_periods)::integer)": (0.028, 0.048),
    }
    for expression, (low, high) in bands.items():
        share = dirty.value(
            f"select {expression} from person"
            " where birth_date between date '1996-09-01' and date '2000-03-31'"
        )
        assert low <= share <= high, expression
    # In a school cohort as the linked extracts show it.
    care, contact = dirty.rows(
        "select avg((visible_highest_intervention = 'child looked after')::integer),"
        " avg((visible_highest_intervention != 'no social care contact')::integer) from person"
        " where pupil_id is not null"
        " and birth_date between date '1996-09-01' and date '2002-08-31'"
    )[0]
    assert 0.015 <= care <= 0.04
    assert 0.10 <= contact <= 0.18
    offenders = dirty.value("select count(MoJUID) / count(*) from population")
    assert 0.08 <= offenders <= 0.14
    blank = dirty.value(
        "select avg((coalesce(CIN_PupilMatchingRefAnonymous, '') not like 'SYN%')::integer)"
        " from cin where CIN_ACADYR >= '2012'"
    )
    assert 0.2 <= blank <= 0.45


def test_references_are_missing_more_often_for_the_young_and_from_2013(dirty: Extracts) -> None:
    """By age at the end of a year whose returns are complete."""
    shares = dict(
        dirty.rows(
            "select case when age < 5 then 'young' when age < 10 then 'middle' else 'old' end,"
            " 1 - avg(is_seen::integer) from ("
            "   select date_sub('year', birth_date, date '2016-03-31') as age,"
            "   exists (from cin where CIN_PupilMatchingRefAnonymous = referral.pupil_id"
            "     and right(CIN_ACADYR, 2) = '16') as is_seen"
            "   from referral join person using (child_number)"
            "   where referral.pupil_id is not null"
            "   and referral_date between date '2015-04-01' and date '2016-03-31')"
            " group by 1"
        )
    )
    assert 0.25 < shares["young"] < 0.45
    assert shares["young"] > shares["middle"] > 0.08
    assert 0.05 < shares["old"] < 0.25
    without = dict(
        dirty.rows(
            "select left(CIN_ACADYR, 4),"
            " avg((coalesce(CIN_PupilMatchingRefAnonymous, '') not like 'SYN%')::integer)"
            " from cin group by 1"
        )
    )
    assert all(share < 0.10 for year, share in without.items() if year < "2012"), without
    assert all(0.2 < share < 0.5 for year, share in without.items() if year >= "2012"), without


def test_only_a_minority_has_a_moj_identifier(dirty: Extracts) -> None:
    by_sex = dict(
        dirty.rows("select Gender, count(MoJUID) / count(*) from population group by Gender")
    )
    assert 0.02 < by_sex["F"] < 0.1 < by_sex["M"] < 0.25
    # And nobody has one in a row without a pupil reference.
    for table, column in (("cla", "CLA"), ("cin", "CIN")):
        dirty.none(
            f"select 1 from {table} where MoJUID like 'MSYN%'"
            f" and coalesce({column}_PupilMatchingRefAnonymous, '') not like 'SYN%'"
        )
