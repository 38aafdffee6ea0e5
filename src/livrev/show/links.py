"""Where what a reference names can be read."""

from livrev.records.review import Review
from livrev.review.retraction_effects import mark_of
from livrev.show.tables import Link


def address_of(review: Review, citekey: str) -> Link | str:
    """Return a link to the document behind *citekey*, or its key where no address is known; a retraction is said."""
    reference = review.references.get(citekey)
    if reference is None:
        return citekey
    mark = mark_of(review, citekey)
    shown = f"{citekey} [{mark}]" if mark else citekey
    if doi := reference.plain("doi"):
        return Link(shown, f"https://doi.org/{doi}")
    if nct := reference.plain("nct"):
        return Link(shown, f"https://clinicaltrials.gov/study/{nct.split(';')[0].strip()}")
    url = reference.plain("url")
    return Link(shown, url) if url.startswith("http") else shown
