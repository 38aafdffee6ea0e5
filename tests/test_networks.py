"""The networks of the review: what the tables say is what is fitted, and what cannot be one network is named."""

import csv
import json
import math
import shutil
from pathlib import Path

import pytest

from livrev.checks.pools import check_networks
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.model import Estimate
from livrev.records.review import Review, load_review
from livrev.review.networks import name_of, network_contrasts, network_estimates, network_plans
from livrev.stats.network_report import network_file

ROOT = Path(__file__).resolve().parents[1]


def test_the_networks_of_the_review_are_in_order(real_review: Review) -> None:
    assert not list(check_networks(real_review))
    assert {"hcc-os", "hcc-pfs", "hcc-orr", "hcc-harm", "hcc-trd"} <= network_plans(real_review).keys()


def test_the_command_gives_the_same_from_the_printed_ratios(
    real_review: Review, real_results: dict[str, Estimate]
) -> None:
    """Written out as `livrev network` reads it, the network of deaths has the estimates that the book prints."""
    plan = network_plans(real_review)["hcc-os"]
    shared = {row.study: row.covariance for row in network_contrasts(real_review, plan) if row.covariance}
    arms = {row["arm"]: row["treatment"] for row in real_review.tables["treatments"].records}
    lines = ["study,treatment,comparator,value,ci_low,ci_high,ci_level,covariance"]
    for key in plan.outcomes:
        o = real_review.outcomes[key]
        said = (arms[o.arm or ""], arms[o.comparator or ""], o.value, o.ci_low, o.ci_high, o.ci_level)
        lines.append(",".join(map(str, (o.study, *said, shared.get(o.study, "")))))
    found = network_file("os.csv", "\n".join(lines).encode(), "HR", reference="sorafenib").network
    results = real_results
    for cell in found.league:
        printed = results[f"network.hcc-os.{name_of(cell.a)}.{name_of(cell.b)}"]
        assert (printed.value, printed.low, printed.high) == pytest.approx((cell.value, cell.low, cell.high))


def test_three_arms_that_share_a_control_are_one_study(real_review: Review) -> None:
    """HIMALAYA: the covariance is half of the mean variance, so that the arms are closer to each other than to the control."""
    deaths = OpenReview(real_review).network("hcc-os").league.set_index(["a", "b"])
    width = (deaths["ci_high"] / deaths["ci_low"]).map(math.log)
    near = width["tremelimumab + durvalumab", "durvalumab"]
    apart = [width[arm, "sorafenib"] for arm in ("tremelimumab + durvalumab", "durvalumab")]
    assert near == pytest.approx(math.sqrt(sum(one**2 for one in apart) / 2))


def test_a_rank_never_stands_without_its_interval(real_review: Review) -> None:
    ranks = [estimate for estimate in network_estimates(real_review) if ".rank." in estimate.name]
    assert len(ranks) > 50
    assert all(1 <= (one.low or 0) <= one.value <= (one.high or 0) for one in ranks)


def test_a_reading_changes_what_it_names_and_nothing_else(
    real_review: Review, real_results: dict[str, Estimate]
) -> None:
    review = OpenReview(real_review)
    usual, other = (review.network("hcc-os", by=by).estimates["value"] for by in ("treatment", "otherwise"))
    assert list(usual.index[usual.round(9) != other.round(9)]) == ["nivolumab + ipilimumab"]
    assert not any(name.startswith("network.hcc-harm.otherwise") for name in real_results)


def test_by_way_of_the_reference_a_tree_gives_the_same(real_review: Review) -> None:
    deaths = OpenReview(real_review).network("hcc-os")
    both = deaths.league.merge(deaths.bucher, on=["a", "b"], suffixes=("", "_bucher"))
    assert (both["value"] / both["value_bucher"]).sub(1).abs().max() < 1e-12
    alike = (both["ci_low"] / both["ci_low_bucher"]).sub(1).abs() < 1e-9
    assert set(both[~alike]["a"]) == {
        "durvalumab", "lenvatinib", "lenvatinib + pembrolizumab", "nivolumab + ipilimumab", "tremelimumab + durvalumab",
    }  # fmt: skip


def test_without_the_bridge_the_pieces_are_named(real_review: Review) -> None:
    with pytest.raises(ValueError, match="falls into 2 pieces"):
        OpenReview(real_review).network("hcc-os", without=["reflect"])


def test_shares_of_the_trials_add_up_to_one(real_review: Review) -> None:
    shares = OpenReview(real_review).network("hcc-os", by="class").contributions
    assert shares.groupby("treatment")["share"].sum().to_numpy() == pytest.approx(1)
    carried = shares.set_index(["treatment", "study"])["share"]
    assert carried["lenvatinib", "reflect"] > 0.5


def test_what_makes_no_network_is_named_at_its_line(real_review: Review, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    for name in ("_config.yml", "_toc.yml", "references.bib"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "chapters", tmp_path / "chapters")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    table = data / "networks.csv"
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    place = rows[0].index("outcomes")
    rows[1][place] = rows[1][place].replace("reflect--os-hr;", "")
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    arms = (data / "treatments.csv").read_text(encoding="utf-8")
    (data / "treatments.csv").write_text(arms.replace("\nTACE,", "\nchemoembolisation,"), encoding="utf-8")
    said = [str(problem) for problem in check_networks(load_review(Repository(tmp_path)))]
    assert any("networks.csv:2" in line and "falls into 2 pieces" in line for line in said), json.dumps(said)
    assert any("which is not in the table of treatments" in line for line in said)
