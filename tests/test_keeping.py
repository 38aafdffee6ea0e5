"""What a build keeps for the next one belongs to one state of the inputs."""

from small_review import replace

from livrev.paths import Repository
from livrev.site.build_cache import keep, recall, recall_or_make


def test_what_was_kept_comes_back_until_an_input_changes(repository: Repository) -> None:
    assert recall(repository, "sums") is None
    assert recall_or_make(repository, "sums", lambda: {"kept": [1, None, 0.1]}) == {"kept": [1, None, 0.1]}
    assert recall_or_make(repository, "sums", lambda: "made again") == {"kept": [1, None, 0.1]}
    replace(repository.sources / "Doe2020cress.md", "The trial prints the same.", "The trial prints just that.")
    assert recall(repository, "sums") is None
    keep(repository, "others", 1)
    kept = [place.name for place in (repository.build / ".kept").rglob("*.json")]
    assert kept == ["others.json"], "what belongs to other inputs is deleted"
