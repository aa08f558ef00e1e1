"""Random tables for release, attacked: no small count can be narrowed down.

`make test-outputs` attacks many more.
"""

from __future__ import annotations

import pytest
from output_attack import attack, random_case

from social_care_warehouse.outputs import protect

SEEDS = (2, 32, 40)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_can_be_worked_out_of_two_tables(seed: int, exact: bool) -> None:
    """R146, R147. The first of the two tables is also attacked with the second."""
    assert attack(random_case(seed, n_tables=2, exact=exact), exact=exact) == []


def test_the_attack_finds_what_was_not_protected(monkeypatch) -> None:
    """Without the proof, exact tables that only hide small counts give them away."""
    monkeypatch.setattr(protect, "hide_until_safe", lambda *arguments: set())
    found = [attack(random_case(seed, n_tables=1, exact=True), exact=True) for seed in SEEDS]
    assert any(found)


def test_the_attack_finds_what_two_tables_give_away(monkeypatch) -> None:
    """Each table is safe alone, but nobody compared them."""
    from social_care_warehouse.outputs import register  # noqa: PLC0415

    monkeypatch.setattr(register, "hide_until_safe", lambda *arguments: set())
    found = [attack(random_case(seed, n_tables=2, exact=True), exact=True) for seed in SEEDS]
    assert any(found)
