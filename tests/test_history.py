"""A release is recorded once; what changed since is computed, not told."""

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_review import set_cell

from livrev.cli import main
from livrev.diagnostics import ReviewError
from livrev.frames.computed import changes
from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.review.snapshot import (
    Snapshot,
    compare,
    dump_snapshot,
    load_snapshot,
    read_history,
    side_of,
    take_snapshot,
    write_snapshot,
)

DAY = datetime.date(2026, 1, 15)


def state(**changes: object) -> Snapshot:
    """A release with one pool, one study and one word."""
    values = {
        "estimates": {"pool.cress": (0.8, 0.6, 0.95, 3.0, None), "pool.cress.k": (3.0, None, None, 3.0, None)},
        "labels": {"pool.cress": "Cress v water"},
        "studies": ("roe-2019",),
        "certainty": {"pool.cress": "low"},
    }
    return Snapshot("0.1.0", "2026-01-15", **(values | changes))  # type: ignore[arg-type]


def test_a_snapshot_comes_back_as_it_went(review: Review) -> None:
    taken = take_snapshot(review, version="0.2.0", date=DAY)
    assert load_snapshot(dump_snapshot(taken)) == taken
    assert taken.estimates["outcome.roe-2019--os"] == (0.7, 0.5, 0.98, None, None)
    assert '"outcome.roe-2019--os": [0.70, 0.50, 0.98]' in dump_snapshot(taken), "as printed"
    assert taken.studies == ("poe-2018", "roe-2019") and taken.certainty == {"strategy.coaching": "low"}


def test_the_same_state_has_no_changes() -> None:
    assert compare(state(), state()) == []


def test_a_moved_estimate_is_named_and_noise_is_not() -> None:
    noise = {"pool.cress": (0.80001, 0.6, 0.95, 3.0, None), "pool.cress.k": (3.0, None, None, 3.0, None)}
    assert compare(state(), state(estimates=noise)) == []
    [moved] = compare(state(), state(estimates=noise | {"pool.cress": (0.81, 0.6, 0.95, 3.0, None)}))
    assert (moved.kind, moved.name, moved.label, moved.after) == (
        "estimate",
        "pool.cress",
        "Cress v water",
        (0.81, 0.6, 0.95, 3.0, None),
    )


def test_an_interval_that_now_crosses_1_changes_its_word() -> None:
    wider = state(estimates={"pool.cress": (0.8, 0.6, 1.05, 3.0, None)})
    *_, side = compare(state(), wider)
    assert (side.kind, side.before, side.after) == ("interval", "below 1", "across 1")
    assert side_of((40.0, 30.0, 55.0, 3.0, None)) == ""


def test_studies_and_words_come_and_go() -> None:
    found = compare(state(), state(studies=("poe-2018",), certainty={"pool.cress": "moderate", "pool.new": "low"}))
    assert [(one.kind, one.name, one.before, one.after) for one in found] == [
        ("certainty", "pool.cress", "low", "moderate"), ("certainty", "pool.new", None, "low"),
        ("study", "poe-2018", "", "came"), ("study", "roe-2019", "", "went"),
    ]  # fmt: skip


def test_the_page_tells_what_changed_since_the_release(repository: Repository, review: Review) -> None:
    write_snapshot(repository, take_snapshot(review, version="0.1.0", date=DAY))
    set_cell(repository, "outcomes", 0, "value", "0.75")
    set_cell(repository, "strategies", 0, "certainty", "moderate")
    changed = load_review(repository)
    found = changes(changed)
    assert found[["kind", "name", "before", "after"]].to_numpy().tolist() == [
        ["estimate", "outcome.roe-2019--os", "0.70 (0.50 to 0.98)", "0.75 (0.50 to 0.98)"],
        ["certainty", "strategy.coaching", "low", "moderate"],
    ]
    assert found.attrs == {"version": "0.1.0", "date": str(DAY)}
    write_snapshot(repository, take_snapshot(changed, version="0.2.0", date=DAY))
    assert changes(changed).attrs["version"] == "0.1.0"  # right after a release the page tells what it brought
    set_cell(repository, "outcomes", 0, "value", "0.77")
    later = load_review(repository)
    assert [changes(later, since).iloc[0]["before"][:4] for since in (None, "0.1.0")] == ["0.75", "0.70"]
    with pytest.raises(ValueError, match="no release"):
        changes(later, "0.9.0")


def test_without_a_release_there_is_nothing_to_compare(review: Review) -> None:
    with pytest.raises(ValueError, match="run livrev snapshot VERSION"):
        changes(review)


def test_the_command_records_a_release_once(repository: Repository) -> None:
    arguments = ["--root", str(repository.root), "snapshot"]
    first = CliRunner().invoke(main, [*arguments, "1.0.0"])
    assert first.exit_code == 0 and first.output.startswith("data/history/1.0.0.json: ")
    again = CliRunner().invoke(main, [*arguments, "1.0.0"])
    assert again.exit_code == 1 and "a release is recorded once" in again.output
    assert CliRunner().invoke(main, [*arguments, "soon"]).exit_code == 2
    assert CliRunner().invoke(main, [*arguments, "1.10.0"]).exit_code == 0
    assert CliRunner().invoke(main, [*arguments, "1.9.0"]).exit_code == 0
    assert [s.version for s in read_history(repository)] == ["1.0.0", "1.9.0", "1.10.0"]


def test_a_broken_record_is_named(repository: Repository) -> None:
    Path(repository.history).mkdir()
    (repository.history / "1.0.0.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReviewError, match=r"data/history/1\.0\.0\.json:1 snapshot: cannot be read"):
        read_history(repository)


def test_the_first_release_is_on_record(real: Repository) -> None:
    first = read_history(real)[0]
    assert (first.version, first.date) == ("0.1.0", "2026-11-23")
    assert len(first.studies) > 200 and sum(1 for name in first.estimates if name.startswith("pool.")) >= 9
