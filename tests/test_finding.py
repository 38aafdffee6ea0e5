"""The search finds a study by its name, its registry number, and by any name of a drug in it."""

import re
from typing import Any

from livrev.records.review import Review
from livrev.site.study_search_index import search_index


def addresses(index: dict[str, Any], word: str) -> set[str]:
    """Find as the browser does: by the beginning of a word of a name, or by the whole of a term."""

    def plain(text: str) -> str:
        return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()

    wanted = plain(word)
    found = {
        address
        for name, _, names, address in index["studies"]
        if any(f" {wanted}" in f" {plain(text)}" for text in (name, *names))
    }
    for label, names, places in index["terms"]:
        if wanted in map(plain, (label, *names)):
            found |= {index["studies"][place][3] for place in places}
    return found


def test_a_trial_is_found_by_its_name_its_number_and_its_key(real_review: Review) -> None:
    index = search_index(real_review)
    for word in ("IMbrave150", "imbrave", "Finn2020atezolizumab"):
        assert "studies/imbrave150.html" in addresses(index, word), word
    study = next(study for study in real_review.studies.values() if study.nct)
    assert f"studies/{study.study}.html" in addresses(index, study.nct[0])


def test_a_synonym_finds_what_the_name_finds(real_review: Review) -> None:
    index = search_index(real_review)
    assert addresses(index, "Tecentriq") == addresses(index, "MPDL3280A") != set()
    assert "studies/imbrave150.html" in addresses(index, "Tecentriq")
    assert "studies/shi-2020-gpc3-car-t.html" in addresses(index, "HCC")


def test_every_place_is_a_study(real_review: Review) -> None:
    index = search_index(real_review)
    assert len(index["studies"]) == len(real_review.studies)
    assert all(0 <= place < len(index["studies"]) for _, _, places in index["terms"] for place in places)
    assert addresses(index, "no such drug") == set()
