"""Sentences keep their places, and a full stop does not always end one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.text.features import describe_document, split_sentences
from livrev.text.vocabulary import Vocabulary


def texts_of(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Macrophages delete T cells in the liver (Yu et al. 2020) and elsewhere.",
        "Survival was longer with the pair vs. sorafenib in both regions.",
        "The arms separate early (Fig. 2) and stay apart.",
        "The difference was clear (P < .001) in every subgroup.",
        "The interval ran from 0.82–1.1 and crossed one.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert texts_of(f"{sentence} Nothing else changed.") == [sentence, "Nothing else changed."]


def test_a_list_without_full_stops_is_read_item_by_item() -> None:
    listed = "Endpoints\n- overall survival\n- objective response\n- safety"
    assert texts_of(listed) == ["Endpoints", "- overall survival", "- objective response", "- safety"]


def test_offsets_lead_back_to_the_words() -> None:
    text = "  The liver tolerates.\n\nIt also forgives, e.g. after surgery.  "
    assert texts_of(text) == ["The liver tolerates.", "It also forgives, e.g. after surgery."]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" .\n?!()Aa1"))))
def test_everything_outside_the_spans_is_white_space(text: str) -> None:
    end = 0
    for start, stop in split_sentences(text):
        assert not text[end:start].strip()
        assert end <= start < stop
        end = stop
    assert not text[end:].strip()


def test_sentences_are_numbered_from_one() -> None:
    found = describe_document("Doe2020cress", b"First one. Second one. Third one.", Vocabulary.model_validate({}))
    assert [sentence.n for sentence in found.sentences] == [1, 2, 3]
