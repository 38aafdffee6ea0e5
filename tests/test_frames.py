"""A review as frames: dtypes, keys, pools, tables and figures that a reader can change."""

import pandas as pd
import pytest

import livrev
from livrev.frames.open_review import OpenReview
from livrev.records.review import Review


@pytest.fixture(scope="module")
def opened(real_review: Review) -> OpenReview:
    return OpenReview(real_review)


def test_a_frame_has_the_columns_of_the_dictionary_and_the_key_as_index(opened: OpenReview) -> None:
    for name, rows in opened.records.tables.items():
        frame = opened.table(name)
        described = [column.name for column in rows.table.columns]
        assert [*(frame.index.names if len(rows.table.key) == 1 else []), *frame.columns] == described
        assert frame.index.is_unique


def test_dtypes_are_real(opened: OpenReview) -> None:
    dtypes = opened.outcomes.dtypes.astype(str)
    assert dtypes[["value", "events", "endpoint", "arm"]].tolist() == ["float64", "Int64", "category", "str"]
    assert dtypes["read_on"].startswith("datetime64")


def test_codes_are_said_in_words_and_what_a_person_wrote_stays(opened: OpenReview) -> None:
    said = opened.in_words(opened.studies).loc["shi-2020-gpc3-car-t"]
    assert said[["design", "cancer", "basis", "question"]].tolist() == [
        "Single-arm trial", "Hepatocellular carcinoma", "abstract", "Cell therapy"
    ]  # fmt: skip
    assert said["arms"] == opened.studies.loc["shi-2020-gpc3-car-t", "arms"], "a hyphen of an arm is its own"
    assert pd.isna(said["primary_result"]), "NA is nothing to read"
    results = opened.in_words(opened.outcomes)
    assert {"meeting abstract", "another publication"} <= set(results["basis"]) and "NA" not in set(results["criteria"])
    assert opened.in_words(opened.findings).loc["echemi-01", "settled_by"] == "Yu 2021, Waninger 2023"


def test_the_uses_of_a_reference_stand_in_one_order_in_every_process(opened: OpenReview) -> None:
    assert all(files.is_monotonic_increasing for _, files in opened.reference_uses.groupby("citekey")["file"])


def test_a_change_of_a_frame_reaches_nobody_else(opened: OpenReview) -> None:
    frame = opened.outcomes
    frame.loc[frame.index[0], "arm"] = "changed"
    assert opened.outcomes["arm"].iloc[0] != "changed"


def test_a_pool_of_a_frame_is_the_pool_of_the_review(opened: OpenReview) -> None:
    ours = opened.pool("hcc-antivegf-os")
    rows = opened.outcomes.loc[ours.studies["outcome"]]
    again = livrev.pool(rows, measure="HR").summary.iloc[0]
    assert again[["value", "ci_low", "ci_high", "tau2"]].tolist() == pytest.approx(
        ours.summary.iloc[0][["value", "ci_low", "ci_high", "tau2"]].tolist()
    )


def test_a_pool_without_a_study_is_a_row_of_leave_one_out(opened: OpenReview) -> None:
    pool = opened.pool("hcc-antivegf-os")
    left_out = pool.leave_one_out()
    for study in pool.studies.index:
        assert left_out.loc[study, "value"] == opened.pool("hcc-antivegf-os", without=[study]).summary["value"].iloc[0]


def test_a_rule_of_the_readers_own_keeps_what_fulfils_it(opened: OpenReview) -> None:
    outcomes = opened.outcomes
    for name in opened.pools.dropna(subset=["k"]).index:
        kept = set(opened.pool(name).studies["outcome"])
        first_hand = {key for key in kept if outcomes.loc[key, "basis"] != "secondary"}
        if not first_hand or opened.records.tables["pools"] is None:
            continue
        found = opened.pool(name, where="basis != 'secondary'")
        assert set(found.studies["outcome"]) <= first_hand


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda review: review.pool("hcc-antivegf-oss"), "hcc-antivegf-os"),
        (lambda review: review.pool("hcc-antivegf-os", without=["nobody"]), "imbrave150"),
        (lambda review: review.table("outcome"), "outcomes"),
    ],
)
def test_a_wrong_name_is_named_with_one_that_exists(opened: OpenReview, ask: object, said: str) -> None:
    with pytest.raises((KeyError, ValueError), match=said):
        ask(opened)  # type: ignore[operator]


TRIALS = pd.DataFrame({"study": ["A", "B"], "value": [0.8, 0.7], "ci_low": [0.6, 0.5], "ci_high": [1.1, 0.98]})


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (TRIALS.drop(columns="ci_low"), "lacks ci_low"),
        (TRIALS.assign(study="A"), "A: more than one row"),
        (TRIALS.assign(value=[0.8, None]), "B: value or ci_low or ci_high is missing"),
        (TRIALS.assign(ci_high=[0.7, 0.98]), "A: the interval"),
    ],
)
def test_a_frame_that_cannot_be_pooled_is_refused_by_name(frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        livrev.pool(frame, measure="HR")


def test_shares_are_pooled_from_counts() -> None:
    series = pd.DataFrame({"events": [3, 5, 2], "total": [20, 30, 25]}, index=["A", "B", "C"])
    pooled = livrev.pool(series, measure="proportion")
    assert 0.08 < pooled.summary["value"].iloc[0] < 0.2
    assert pooled.studies["weight"].sum() == pytest.approx(100)


def test_a_study_is_called_by_its_name_where_the_frame_has_one() -> None:
    series = pd.DataFrame(
        {"study": ["a", "b", "c"], "name": ["Ann", "Bob", None], "events": [3, 5, 2], "total": [20, 30, 25]}
    )
    assert list(livrev.pool(series, measure="proportion").studies["name"]) == ["Ann", "Bob", "c"]


def test_a_result_is_printed_as_its_source_prints_it(opened: OpenReview) -> None:
    assert (
        opened.printed(opened.outcomes.loc[["imbrave150--os-hr-update"]])
        .iloc[0]
        .startswith("HR 0.66 (95 % CI 0.52 to 0.85)")
    )


def test_superseded_and_flagged_results_are_left_out_of_the_latest(opened: OpenReview) -> None:
    latest = opened.latest(opened.outcomes)
    assert latest["flag"].isna().all()
    assert not set(latest.index) & set(opened.outcomes["supersedes"].dropna())


def test_every_sentence_has_a_role(opened: OpenReview) -> None:
    assert opened.sentences["role"].notna().all()
    counted = opened.sources[["claim", "boilerplate", "repeat"]].sum(axis="columns")
    assert (counted == opened.sources["sentences"]).all()


def test_a_table_names_a_column_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="hr: no such column; the frame has study"):
        livrev.table(TRIALS, caption="Trials", columns={"hr": "HR"})


def test_links_fit_the_frame_that_their_keys_come_from(opened: OpenReview) -> None:
    studies = opened.studies
    expected = [f"../studies/{key}.html" for key in studies.index]
    for links in (
        studies.assign(link=opened.link(studies.index))["link"],
        studies.assign(link=opened.link(studies.index, studies["name"]))["link"],
        opened.link(list(studies.index)),
    ):
        assert [link.address for link in links] == expected


def test_a_table_leaves_what_is_missing_empty() -> None:
    shown = livrev.table(TRIALS.assign(value=[0.8, None]), caption="Trials", columns={"study": "Study", "value": "HR"})
    assert shown.rows == (("A", 0.8), ("B", None)) and shown.name == "table-trials"


def test_a_crosstab_is_drawn_with_its_counts() -> None:
    frame = pd.DataFrame({"topic": ["x", "x", "y"], "verdict": ["yes", "no", "yes"]})
    alt = livrev.draw.counts(pd.crosstab(frame["topic"], frame["verdict"]), of="findings", by="verdict").alt
    assert "x, no: 1 of 2 findings; x, yes: 1 of 2 findings; y, yes: 1 of 1 findings" in alt


def test_a_sentence_is_read_into_plain_mappings() -> None:
    [ratio] = [found for found in livrev.read_text("HR 0.58 (95% CI 0.42 to 0.79).") if found["kind"] == "HR"]
    assert (ratio["value"], ratio["low"], ratio["high"]) == (0.58, 0.42, 0.79)


def test_a_frame_tells_what_is_in_it() -> None:
    assert "one more study" in str(OpenReview.turning.__doc__) and "E-value" not in str(OpenReview.turning.__doc__)


def test_a_difference_with_an_interval_of_another_level_is_drawn_on_its_own_scale() -> None:
    rows = {
        "study": ["A", "B", "C"],
        "value": [-1.0, -2.0, 0.5],
        "ci_low": [-2.0, -3.5, -1.0],
        "ci_high": [0.1, -0.4, 2.0],
    }
    drawn = livrev.pool(pd.DataFrame(rows | {"ci_level": [90, 95, 95]}), measure="MD").forest()
    assert "A: mean difference −1.00 (90 % CI −2.00 to 0.10)" in str(drawn)
