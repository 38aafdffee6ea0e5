"""Make elements of HTML that belong to no document yet."""

from bs4 import Tag


def new_tag(name: str, **attributes: str) -> Tag:
    """Return a new element that belongs to no document."""
    return Tag(name=name, attrs=dict(attributes))


def classes_of(element: Tag) -> str:
    """Return the classes of *element* in one line."""
    return " ".join(element.get("class") or ())
