"""The search finds a study by its name, its registry number, and by any name of a drug in it."""

import re
from typing import Any

from livrev.records.review import Review
from livrev.site.study_search_index import page_texts, search_index


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
    for label, names, places, _ in index["terms"]:
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
    assert all(0 <= place < len(index["studies"]) for _, _, places, _ in index["terms"] for place in places)
    assert addresses(index, "no such drug") == set()


def test_the_words_of_the_explorer_find_the_studies_and_its_view(real_review: Review) -> None:
    index = search_index(real_review)
    views = {label: (view, places) for label, _, places, view in index["terms"]}
    for label, view in (
        ("Overall survival", "endpoint=os"),
        ("Hepatitis B", "text=Hepatitis B"),
        ("Randomised controlled trial", "design=rct"),
    ):
        assert views[label][0] == view and views[label][1], label
    assert "All patients" not in views  # every study has them


def test_the_words_of_a_page_stand_under_their_headings_without_what_opens_or_is_code() -> None:
    page = (
        '<nav>bar</nav><article><section id="a"><h1>Title<a class="headerlink">#</a></h1><p>One<sub>2</sub>.</p>'
        '<section id="b"><h2>Part</h2><table><tr><td>x</td><td>y</td></tr></table><pre>code</pre>'
        '<p>Two<span class="livrev-card">card</span>, doi:10.1000/xyz three.</p></section></section></article>'
    )
    assert [*page_texts(page)] == [["b", "Part", "x y Two, three."], ["a", "Title", "One2."]]
    rows = "<tr><td>cell</td></tr>" * 40
    assert [*page_texts(f'<article><section id="a"><h1>T</h1><table>{rows}</table>end</section></article>')] == [
        ["a", "T", "end"]
    ]
