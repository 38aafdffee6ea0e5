"""Print what a page opens on a click: cards of evidence as numbered notes at the end of the chapter, footnotes at its foot."""

from bs4 import BeautifulSoup, Tag

from livrev.pdf.elements import Finder, new_tag


def set_evidence_notes(given: Finder, article: Tag) -> None:
    """Replace each mark of evidence by a number that leads to its note at the end of *article*, and back.

    Marks with the same cards share one note; its letters lead back to each of them.
    """
    numbers: dict[str, int] = {}
    marks: list[list[str]] = []
    bodies: list[list[Tag]] = []
    for mark in given.select("span.livrev-evidence"):
        card = mark.select_one("span.livrev-card")
        if card is None or not card.get_text(strip=True):
            mark.decompose()
            continue
        number = numbers.setdefault(card.decode_contents(), len(numbers) + 1)
        if number > len(marks):
            marks.append([])
            bodies.append(_say(card))
        name = f"mark-{number}-{len(marks[number - 1]) + 1}"
        marks[number - 1].append(name)
        raised, link = new_tag("sup"), new_tag("a", href=f"#note-{number}")
        link["id"], link.string = name, str(number)
        raised.append(link)
        mark.replace_with(raised)
    if not bodies:
        return
    notes = new_tag("div", **{"data-typst": "notes"})
    for number, (body, places) in enumerate(zip(bodies, marks, strict=True), start=1):
        notes.append(_note(number, body, places))
    article.append(notes)


def _say(card: Tag) -> list[Tag]:
    """Return what each record of *card* says on paper, its facts without their heavy names."""
    said = []
    for record in card.select("span.livrev-one") or [card]:
        for name in record.select("b"):
            name.unwrap()
        for fact in record.select("span.livrev-fact"):
            fact["data-typst"] = "fact"
        one = new_tag("span")
        one.extend(list(record.contents))
        said.append(one)
    return said


def _note(number: int, records: list[Tag], places: list[str]) -> Tag:
    note = new_tag("div", id=f"note-{number}", **{"data-typst": "note", "class": "livrev-note"})
    paragraph = new_tag("p")
    note.append(paragraph)
    label = new_tag("span", **{"data-typst": "note-number"})
    for index, place in enumerate(places):
        back = new_tag("a", href=f"#{place}")
        back.string = str(number) if index == 0 else _letter(index)
        label.append(back)
    paragraph.append(label)
    for record in records:
        paragraph.append(" ")
        paragraph.append(record)
    return note


def _letter(index: int) -> str:
    return f" {chr(ord('a') + index)}" if index < 26 else f" {index + 1}"


def set_footnotes(given: Finder) -> None:
    """Put each footnote where it is referred to, so that it stands at the foot of that page."""
    notes = {str(note["id"]): note for note in given.select("aside.footnote[id]")}
    for reference in given.select("a.footnote-reference"):
        note = notes.get(str(reference.get("href", ""))[1:])
        if note is None:
            continue
        body = BeautifulSoup(str(note), "lxml").select_one("aside")
        assert body is not None
        for label in body.select("span.label"):
            label.decompose()
        mark = new_tag("span", **{"data-typst": "footnote"})
        for index, paragraph in enumerate(body.find_all("p")):
            if index:
                mark.append(" ")
            mark.extend(list(paragraph.contents))
        reference.replace_with(mark)
    for note_list in given.select("aside.footnote-list, aside.footnote"):
        note_list.decompose()
