"""Find elements of HTML fast, and make new ones."""

import re

from bs4 import Tag
from bs4.element import AttributeValueList


def new_tag(name: str, **attributes: str) -> Tag:
    """Return a new element that belongs to no document."""
    tag = Tag(name=name, attrs=dict(attributes))
    if "class" in attributes:
        tag["class"] = AttributeValueList(attributes["class"].split())
    return tag


def classes_of(element: Tag) -> str:
    """Return the classes of *element* in one line."""
    return " ".join(element.get("class") or ())


class Finder:
    """Selects below *root*, but only by those selectors whose names and classes occur there at all.

    A search by selector costs as much where there is nothing to be found; most pages hold few of the things looked for.
    """

    def __init__(self, root: Tag) -> None:
        self._root = root
        self._names, self._classes = set(), set[str]()
        for element in root.find_all(True):
            self._names.add(element.name)
            self._classes.update(element.get("class") or ())

    def select(self, selectors: str) -> list[Tag]:
        """Return the elements that match one of *selectors*, which are parted by commas and are plain: names and classes."""
        likely = [selector for selector in selectors.split(",") if self._may_match(selector)]
        return list(self._root.select(",".join(likely))) if likely else []

    def _may_match(self, selector: str) -> bool:
        plain = re.sub(r":[\w-]+(\([^)]*\))?|\[[^\]]*\]", "", selector)
        return self._classes.issuperset(re.findall(r"\.([\w-]+)", plain)) and self._names.issuperset(
            re.findall(r"(?:^|[\s>])([a-z]\w*)", plain)
        )
