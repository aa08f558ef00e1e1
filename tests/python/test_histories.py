"""Care histories against the truth: on clean data that shows every episode, nothing may differ."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest


@pytest.fixture(scope="module")
def warehouse(clean_all_episodes: Path):
    """A warehouse of clean extracts that show every episode, with the truth attached as views."""
    database = clean_all_episodes / "warehouse.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        _attach_truth(connection, clean_all_episodes / "extracts" / "truth")
        yield connection


def _attach_truth(connection: duckdb.DuckDBPyConnection, truth: Path) -> None:
    """Children whose care lies within the years of the extract, and what they lived in them."""
    connection.execute(f"""
        create temp table lived as
        select *
        from '{truth}/person.parquet'
        where
            are_care_days_observable
            and n_episodes > 0
            and first_care_date between date '2005-04-01' and date '2018-03-31'
    """)
    for kind, first_day in (("episode", "episode_start_date"), ("period", "period_start_date")):
        connection.execute(f"""
            create temp table lived_{kind} as
            select part.*
            from '{truth}/care_{kind}.parquet' as part
            inner join lived on part.pupil_id = lived.pupil_id
            where part.{first_day} <= date '2018-03-31'
        """)


# What was lived and what the marts must say of it, as two queries with the same columns.
LIVED_AND_SHOWN = {
    "episodes": (
        """
        select
            pupil_id,
            episode_start_date,
            least(episode_end_date, date '2018-03-31'),
            episode_end_date > date '2018-03-31',
            legal_status,
            if(episode_end_date > date '2018-03-31', '-10', reason_ceased)
        from lived_episode
        """,
        """
        select
            pupil_id,
            episode_start_date,
            episode_end_date,
            is_censored,
            legal_status_code,
            reason_episode_ceased_code
        from marts.care_episode
        """,
    ),
    "periods": (
        """
        select
            pupil_id,
            period_start_date,
            least(period_end_date, date '2018-03-31') as last_day,
            last_day - period_start_date,
            is_short_break,
            period_end_date > date '2018-03-31'
        from lived_period
        """,
        """
        select
            pupil_id, period_start_date, period_end_date, period_days, is_short_break, is_censored
        from marts.period_of_care
        """,
    ),
    "moves": (
        """
        select pupil_id, episode_start_date
        from lived_episode
        where reason_new_episode in ('P', 'T', 'B', 'U')
        """,
        """
        select episode.pupil_id, episode.episode_start_date
        from marts.care_episode as episode
        inner join intermediate.int_cla_placement_move as move using (care_episode_id)
        where move.is_placement_move
        """,
    ),
    "histories": (
        """
        select
            lived.pupil_id,
            lived.true_care_days,
            lived.n_periods,
            lived.n_returns,
            lived.n_placement_moves,
            count(*) filter (where reason_ceased in ('E4', 'E4A', 'E4B') and has_ended),
            bool_or(reason_ceased in ('E11', 'E12') and has_ended)
        from lived
        inner join (
            select *, episode_end_date <= date '2018-03-31' as has_ended from lived_episode
        ) as episode on lived.pupil_id = episode.pupil_id
        group by all
        """,
        """
        select
            pupil_id, care_days, n_periods_of_care, n_re_entries, n_placement_moves,
            n_returns_home, is_adopted
        from marts.person_care_history
        """,
    ),
    "days in placements": (
        "select pupil_id, true_care_days from lived",
        """
        select pupil_id, sum(placement_days)::integer
        from marts.person_placement
        group by pupil_id
        """,
    ),
    "days without short breaks": (
        """
        select
            pupil_id,
            coalesce(sum(least(period_end_date, date '2018-03-31') - period_start_date)
                filter (where not is_short_break), 0)::integer as n_days
        from lived_period
        group by pupil_id
        """,
        """
        select pupil_id, sum(placement_days_not_short_break)::integer
        from marts.person_placement
        group by pupil_id
        """,
    ),
}


@pytest.mark.parametrize("subject", LIVED_AND_SHOWN)
def test_what_is_shown_is_what_was_lived(
    warehouse: duckdb.DuckDBPyConnection, subject: str
) -> None:
    lived, shown = LIVED_AND_SHOWN[subject]
    shown = f"select * from ({shown}) where pupil_id in (select pupil_id from lived)"
    n_lived = warehouse.sql(f"select count(*) from ({lived})").fetchall()[0][0]
    assert n_lived > 50
    for one, other in ((lived, shown), (shown, lived)):
        query = f"select count(*) from (({one}) except all ({other}))"
        assert warehouse.sql(query).fetchall() == [(0,)]


def test_what_was_lived_has_something_of_everything(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Otherwise nothing would be compared above."""
    counts = warehouse.sql("""
        select
            sum(n_returns), sum(n_placement_moves),
            (select count(*) from lived_episode where reason_ceased in ('E4', 'E4A', 'E4B')),
            (select count(*) from lived_episode where reason_ceased in ('E11', 'E12')),
            (select count(*) from lived_period where is_short_break),
            (select count(*) from lived_episode where reason_new_episode = 'L'),
            (select count(*) from lived_period where period_end_date > date '2018-03-31')
        from lived
    """).fetchall()[0]
    assert min(counts) > 5


def test_no_delivered_length_is_disputed(warehouse: duckdb.DuckDBPyConnection) -> None:
    lengths = warehouse.sql("""
        select delivered_length_unit, count(*) filter (where is_length_disputed), count(*) > 100
        from marts.period_of_care
        group by all
    """).fetchall()
    assert lengths == [("months", 0, True)]


def test_the_mart_says_that_every_episode_is_shown(warehouse: duckdb.DuckDBPyConnection) -> None:
    scopes = warehouse.sql("""
        select distinct scope from quality.mart_coverage where item_name like 'n_placement%'
    """).fetchall()
    assert scopes == [("complete",)]
    for mart in ("care_episode", "period_of_care", "person_placement", "person_care_history"):
        query = f"select distinct is_every_episode_shown from marts.{mart}"
        assert warehouse.sql(query).fetchall() == [(True,)]
