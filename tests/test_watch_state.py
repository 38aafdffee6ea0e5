"""What was answered is kept through a kill, and asked for once."""

import datetime
from pathlib import Path

import pytest

from livrev.sources.transport import Answer
from livrev.update.state import Remembering, State

DAY = datetime.date(2026, 2, 10)


class Way:
    """A way to a service that counts how often it is gone."""

    base = "https://example.org"

    def __init__(self) -> None:
        self.gone = 0

    def get(self, path: str, params: object, parse: object) -> object:
        self.gone += 1
        return parse(Answer(b'{"n": 1}', "application/json", "utf-8", path))  # type: ignore[operator]


def test_a_question_is_asked_once_even_by_the_next_process(tmp_path: Path) -> None:
    way = Way()
    for _ in range(2):
        with State(tmp_path, today=DAY) as state:
            asking = Remembering(way, state)  # type: ignore[arg-type]
            for key in ("one", "another"):  # a new key is no new question
                assert asking.get("search", {"q": "cress", "api_key": key}, lambda a: a.text) == '{"n": 1}'
    assert way.gone == 1
    with State(tmp_path, today=DAY) as state:
        Remembering(way, state).get("search", {"q": "lawn"}, lambda a: a.text)  # type: ignore[arg-type]
        state.forget()
        Remembering(way, state).get("search", {"q": "cress"}, lambda a: a.text)  # type: ignore[arg-type]
    assert way.gone == 3


def test_what_could_not_be_read_is_not_kept(tmp_path: Path) -> None:
    way = Way()

    def refuse(_: Answer) -> None:
        raise ValueError("is HTML")

    with State(tmp_path, today=DAY) as state:
        with pytest.raises(ValueError, match="is HTML"):
            Remembering(way, state).get("search", None, refuse)  # type: ignore[arg-type]
        assert Remembering(way, state).get("search", None, lambda a: a.type) == "application/json"  # type: ignore[arg-type]
    assert way.gone == 2


def test_an_old_answer_no_longer_holds(tmp_path: Path) -> None:
    with State(tmp_path, today=DAY) as state:
        state.keep("k", Answer(b"x", "", "", ""))
        assert state.recall("k") == Answer(b"x", "", "", "")
    for days, kept in ((3, True), (4, False)):
        with State(tmp_path, today=DAY + datetime.timedelta(days=days)) as state:
            assert (state.recall("k") is not None) is kept
            assert state.day() == (DAY if kept else DAY + datetime.timedelta(days=days))
            assert state.day() == DAY + datetime.timedelta(days=days)


def test_a_file_that_is_no_state_costs_nothing_but_asking_again(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"half a file" * 1000)
    with State(tmp_path, today=DAY) as state:
        state.keep_abstracts([("a", "Words.")])
        assert (state.abstract("a"), state.abstract("b"), state.recall("k")) == ("Words.", "", None)
