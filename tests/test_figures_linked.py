"""Every figure of a pool, a family or a network leads to the same in the explorer."""

import pytest

from livrev.site.figures import _view_of


@pytest.mark.parametrize(
    ("name", "code", "view"),
    [
        ("fig-pool-tace-pfs", "", "pool=tace-pfs"),
        ("fig-family-hcc-cause-os", "", "family=hcc-cause-os"),
        ("fig-python-forest", 'review.pool("hcc-antivegf-os").forest()', "pool=hcc-antivegf-os"),
        ("fig-network-os", 'review.network("hcc-os").forest()', "network=hcc-os"),
        ("fig-x", 'review.draw_family("hcc-cause-os")', "family=hcc-cause-os"),
        ("fig-harvest", "livrev.draw.directions(x)", ""),
    ],
)
def test_a_figure_leads_to_what_it_shows(name: str, code: str, view: str) -> None:
    assert _view_of(name, code) == view
