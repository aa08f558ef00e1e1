"""Files are scanned ahead of their loading, and not after a load has ended."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from social_care_warehouse.loading.column_seeds import read_datasets
from social_care_warehouse.loading.progress import Progress, StoppedError
from social_care_warehouse.loading.scan import scanned_ahead
from social_care_warehouse.loading.survey import Delivery, survey

HEADER = "PupilMatchingRefAnonymous,MoJUID"


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(f"{HEADER}\nP{number},M{number}\n")
    return survey(tmp_path, read_datasets())


def test_each_file_is_scanned_in_its_order(delivery: Delivery) -> None:
    with scanned_ahead(delivery, lambda sentence: None) as scanned:
        entries = list(scanned)
    assert [entry.name for entry in entries] == ["0.csv", "1.csv", "2.csv"]
    assert [entry.file and entry.file.scan and entry.file.scan.lines for entry in entries] == [
        1
    ] * 3


def test_nothing_is_scanned_after_a_load_that_ends_early(delivery: Delivery) -> None:
    sentences = []
    has_begun, may_go_on = threading.Event(), threading.Event()

    def say(sentence: str) -> None:
        sentences.append(sentence)
        has_begun.set()
        may_go_on.wait(timeout=60)

    with pytest.raises(KeyboardInterrupt), scanned_ahead(delivery, say):
        has_begun.wait(timeout=60)
        threading.Timer(1, may_go_on.set).start()
        raise KeyboardInterrupt
    assert [sentence.split(" (")[0] for sentence in sentences] == ["Counting the lines of 0.csv"]


def test_a_scan_ends_where_it_is_stopped() -> None:
    is_stopped = threading.Event()
    progress = Progress(lambda sentence: None, "Counting", 10, is_stopped)
    progress.show(5)
    is_stopped.set()
    with pytest.raises(StoppedError):
        progress.show(10)
