"""Give each figure of a notebook the alternative text that its code wrote from the numbers."""

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class DescribeFigures(SphinxPostTransform):
    """Copy the plain text of an output onto the picture beside it, before one of the two is chosen for the page."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        """Set `alt` on each picture of the page that has a plain-text twin."""
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            said = {
                child.get("mime_type"): child.astext() for child in bundle.children if isinstance(child, nodes.Element)
            }
            for image in bundle.findall(nodes.image):
                if "text/plain" in said:
                    image["alt"] = said["text/plain"].strip()
