"""The icons come out of the theme's own script, as shapes in the style sheet."""

import pytest

from livrev.site.icons import icon_styles

SCRIPT = (
    'x={sun:[512,512,[9728],"f185","M1 2c3.5-4 longer outline"]};y={sun:[512,512,[9728],"f185","M1 2z"],'
    '"arrow-up":[384,512,[8593],"f062","M9 9z"]}'
)


def test_an_icon_becomes_a_rule_with_its_solid_shape() -> None:
    styles = icon_styles(SCRIPT, ("sun", "arrow-up"))
    assert ".fa-sun{--icon:url(" in styles and "M1 2z" in styles and "outline" not in styles
    assert "viewBox='0 0 384 512'" in styles


def test_an_icon_that_is_gone_is_missed() -> None:
    with pytest.raises(ValueError, match="the theme has no icon 'moon' any more"):
        icon_styles(SCRIPT, ("moon",))
