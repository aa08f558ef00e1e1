"""Random tables for release, attacked: no small count can be narrowed down.

`make test-outputs` attacks many more.
"""

from __future__ import annotations

import random

import output_attack
import pytest
from output_attack import attack, attack_sums, random_case

from social_care_warehouse.outputs import protect, register, release
from social_care_warehouse.outputs.plan import Plan
from social_care_warehouse.outputs.specification import Measure, Specification
from social_care_warehouse.outputs.true_table import TrueTable

SEEDS = (5, 8, 22)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_can_be_worked_out_of_three_tables(seed: int, exact: bool) -> None:
    """R143, R146, R147. All tables together: small counts, few who remain, and sums of means."""
    case = random_case(seed, n_tables=3, exact=exact)
    assert attack(case, exact=exact) == []
    assert attack_sums(case, exact=exact) == []


@pytest.mark.parametrize(("seed", "exact"), [(6, True), (21, False)])
def test_a_category_and_its_region_are_safe_in_one_table(monkeypatch, seed, exact) -> None:
    """R146. Readers know which category is in which region, so some groups are empty for sure."""

    def nested(draw: random.Random, number: int, *, is_nested: bool) -> Specification:
        both = draw.sample(["first", "coarse"], 2)
        return Specification(
            f"table_{number}", "A table", "Persons", "person_random", (both[0],), (both[1],),
            (Measure("count", "n_persons", "Persons"),),
            filter="is_chosen" if draw.random() < 0.4 else None, totals=tuple(both),
        )  # fmt: skip

    monkeypatch.setattr(output_attack, "_random_specification", nested)
    assert attack(random_case(seed, n_tables=1, exact=exact), exact=exact) == []
    monkeypatch.setattr(TrueTable, "known_to_be_empty", frozenset())
    assert attack(random_case(seed, n_tables=1, exact=exact), exact=exact)


def test_an_exact_and_a_rounded_table_are_safe_together() -> None:
    """R147. Without a comparison, this pair gives small counts away."""
    exact = (True, False)
    assert attack(random_case(11, n_tables=2, exact=exact), exact=exact) == []


def test_the_attack_finds_what_was_not_protected(monkeypatch) -> None:
    """Without the proof, exact tables that only hide small counts give them away."""
    monkeypatch.setattr(protect, "hide_until_safe", lambda *arguments: set())
    assert any(attack(random_case(seed, n_tables=1, exact=True), exact=True) for seed in range(20))


def test_the_attack_finds_what_means_give_away(monkeypatch) -> None:
    """Where persons are also counted by the column of a mean, the mean gives small counts away."""
    monkeypatch.setattr(Plan, "counted_by", frozenset())
    monkeypatch.setattr(register, "_counts_by_columns_of_statistics", lambda *arguments: [])
    assert any(
        attack(random_case(seed, n_tables=2, exact=False), exact=False) for seed in range(100, 120)
    )


def test_the_attack_finds_what_two_tables_give_away(monkeypatch) -> None:
    """Each table is safe alone, but nobody compared them."""
    monkeypatch.setattr(register, "hide_until_safe", lambda *arguments: set())
    assert any(attack(random_case(seed, n_tables=2, exact=True), exact=True) for seed in range(20))


def test_the_attack_finds_sums_that_one_person_dominates(monkeypatch) -> None:
    """Without the rules of dominance, a mean gives the largest value of its group away."""
    monkeypatch.setattr(release, "_is_dominated", lambda *arguments: False)
    assert any(
        attack_sums(random_case(seed, n_tables=1, exact=True), exact=True) for seed in range(40)
    )


def test_sums_of_exact_tables_cannot_be_subtracted() -> None:
    """R143. The means of these three tables gave the sum of a dominated group away."""
    assert attack_sums(random_case(45, n_tables=3, exact=True), exact=True) == []
