"""Draw the few icons of the theme as shapes in the style sheet, instead of a script of 1.5 MB that holds them all."""

import re
from collections import defaultdict
from urllib.parse import quote

# Every icon that a page may show; a test of the built book finds one that is missing here.
ICONS = (
    "angle-left", "angle-right", "arrow-up", "bars", "chevron-down", "circle-half-stroke", "code", "download", "expand",
    "file", "file-pdf", "github", "lightbulb", "list", "magnifying-glass", "moon", "pencil", "print", "rocket", "sun", "xmark",
)  # fmt: skip
_LICENCE = "/* Icons: Font Awesome Free, https://fontawesome.com, licensed CC BY 4.0. */\n"
_SHAPE = r'[{{,]"?(?P<name>{names})"?:\[(?P<width>\d+),(?P<height>\d+),\[[^\]]*\],"[0-9a-f]+","(?P<path>[^"]+)"\]'
_BASE = (
    ":is(.fa-solid,.fas,.fab)::before{content:'';display:inline-block;width:1.25em;height:1em;vertical-align:-.125em;"
    "background:currentColor;-webkit-mask:var(--icon) center/contain no-repeat;mask:var(--icon) center/contain no-repeat}\n"
    ".fa-lg{font-size:1.25em}\n"
)


def icon_styles(fontawesome: str, names: tuple[str, ...] = ICONS) -> str:
    """Return styles that draw *names* in the colour of the text; *fontawesome* is the theme's script of all icons.

    Raises ValueError where the script does not hold an icon in the form that is known.
    """
    rules, found = [], defaultdict(list)
    for match in re.finditer(_SHAPE.format(names="|".join(map(re.escape, names))), fontawesome):
        found[match["name"]].append(match)
    for name in names:
        shapes = found[name]
        if not shapes:
            raise ValueError(f"the theme has no icon {name!r} any more; look at how its fontawesome.js now writes them")
        # Where an icon has an outlined form too, the solid one is the shorter.
        shape = min(shapes, key=lambda match: len(match["path"]))
        picture = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {shape['width']} {shape['height']}'>"
            f"<path d='{shape['path']}'/></svg>"
        )
        drawn = quote(picture, safe=" =:/'-.,")
        rules.append(f'.fa-{name}{{--icon:url("data:image/svg+xml,{drawn}")}}\n')
    return _LICENCE + _BASE + "".join(rules)
