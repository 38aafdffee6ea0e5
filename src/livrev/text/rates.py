"""Read rates at a time: percentages whose clause names both survival (or freedom from an event) and a time."""

import re
from dataclasses import replace
from itertools import pairwise

from livrev.text.numbers import NUMBER_WORD, PLURAL, TIME, Quantity, read_count
from livrev.text.proportions import read_percents

_COUNT = rf"(?:\d{{1,3}}(?:\.\d)?|(?i:{NUMBER_WORD}))"
# `12-month`, `6-, 12- and 24-month`, `1 and 2 years`, `6 months and 1 year`
_TIMES = re.compile(rf"(?<![\w.¤])(?P<times>(?:{_COUNT}(?:[-\s]?{TIME})?[-\s]?\s?(?:,\s?(?:and\s)?|and\s|or\s|/\s?)){{0,5}}{_COUNT}[-\s]?{TIME})")  # fmt: skip
_EACH_TIME = re.compile(rf"({_COUNT})(?:[-\s]?({TIME}))?")
_SURVIVAL = re.compile(
    r"\b(?:m?OS|PFS|RFS|DFS|EFS|TTP|LC|LRFS|MFS|DMFS|LPFS|LRC|TACE-PFS)\b|(?i:\bsurviv\w*|\balive\b|\bfreedom\sfrom\b|\w+-free\b|\bfree\s(?:of|from)\b"
    r"|\blocal\s(?:tumou?r\s)?control\b|\bwithout\s(?:progression|recurrence|relapse)\b|\bevent-free\b)"
)
_OTHER = re.compile(r"(?i:\brespon\w+|\bdisease\scontrol\b|\badverse\b|\btoxicit\w+|\bgrade\b|\bincidence\b|\bdied\b|\bdeaths?\b|\bmortality\b|\bnot\s(?:yet\s)?(?:been\s)?reached\b|\brecurren\w+\srate)|\b(?:ORR|DCR|CR|AEs?|TRAEs?)\b")  # fmt: skip
_CLAUSE = re.compile(r"[;!?]|\.(?=\s)")
_AT_ONCE = re.compile(r"(?:\s(?!and\b)[^\s\d;.%]{1,20}){0,8}?\s?[(,]?\s?(?:at|by|after|for)\s(?:the\s)?$")
_BRACKET = re.compile(r"\s?\(\s?")
_JOINED = re.compile(r"(?:,\srespectively,?)?(?:\s(?:with|in|for|among|on)\s[^.;,\d%()]{1,50})?(?:,\s|\s\(?)?(?:v\b\.?|vs\b\.?|versus|and|,|,\sand|/|,?\s?(?:as\s)?compared\s(?:with|to)|or)\s?(?:only\s)?")  # fmt: skip
# `80% at 1, 60% at 2 and 40% at 3 years`: the unit stands behind the last time only
_OWN_COUNT = re.compile(rf"\s(?:at|by|after)\s({_COUNT})(?:,\s(?:and\s)?|\sand\s)")
_INHERITS = re.compile(r"[)\]]?,?\s(?:and|while|whereas)\s[^.;\d%]{0,40}")
_FARTHEST = 300  # characters from a percentage back to the start of its clause
_NO_LANDMARK = re.compile(r"\b(?i:follow-?up|median|duration|every|within|over|during|past|last|age[ds]?)\b[^,;.%]*$|[<>≥≤]\s?$")  # fmt: skip
# `6-month PFS and 12-month OS`: each time with an endpoint of its own
_OWN_ENDPOINT = re.compile(r"[^.;\d%()]{1,40}(?:,|\band)\s(?:the\s)?")


def read_rates(text: str) -> list[Quantity]:
    """Return the rates at a time of a smooth text, in order; `unit` is `at 12 months`."""
    percents = read_percents(text)
    if not percents or not _SURVIVAL.search(text):
        return []
    found: list[Quantity] = []
    known: list[str] = []  # the times of the chain before, which ended where the next may begin
    stop = 0
    for chain in _chains(text, percents):
        start, (times, end) = chain[0].start, _times_of(text, chain, stop)
        if times is None and known and _INHERITS.fullmatch(text, stop, start) and _is_survival(text[stop:start]):
            same = len(set(known)) == 1
            times = known if len(known) == len(chain) else known[:1] if same else None
        if times and len(times) > 1 and text.endswith("both ", 0, start):
            times = None
        if times and len(times) < len(chain):
            times = _spread(text, times, chain)
        stop, known = (end, times) if times and len(times) == len(chain) else (0, [])
        found += [replace(percent, kind="rate", unit=time) for percent, time in zip(chain, known, strict=False)]
    return found


def _spread(text: str, times: list[str], chain: list[Quantity]) -> list[str] | None:
    """Return the time of each percentage where they are more than the times; None where the print leaves it open.

    One time is that of all. `90% and 80% v 85% and 70%` goes through the times in each group, `90% v 85% and 80% v 70%`
    through the groups at each time.
    """
    if len(times) == 1:
        return times * len(chain)
    groups, rest = divmod(len(chain), len(times))
    if rest:
        return None
    joints = [text[one.end : other.start].strip() for one, other in pairwise(chain)]
    by_group = [time for time in times for _ in range(groups)]
    for size, inner, spread in (len(times), r",|,?\s?and|/", times * groups), (groups, r"v\.?|vs\.?|versus", by_group):
        across = {*joints[size - 1 :: size]}
        within = {joint for number, joint in enumerate(joints, 1) if number % size}
        if all(re.fullmatch(inner, joint) for joint in within) and not within & across:
            return spread
    return None


def _chains(text: str, percents: list[Quantity]) -> list[list[Quantity]]:
    """Join percentages that are printed as one list: `67% v 54%`, `90%, 67% and 45%`."""
    chains = [percents[:1]]
    for before, percent in pairwise(percents):
        if any(joint.fullmatch(text, before.end, percent.start) for joint in (_JOINED, _OWN_COUNT)):
            chains[-1].append(percent)
        else:
            chains.append([percent])
    return chains


def _times_of(text: str, chain: list[Quantity], previous: int) -> tuple[list[str] | None, int]:
    """Return the times to which a chain of percentages belongs, where its clause is about survival, and where it ends."""
    start, end = chain[0].start, chain[-1].end
    earliest = max(0, start - _FARTHEST)
    clause = max([mark.end() for mark in _CLAUSE.finditer(text, earliest, start)], default=earliest)
    ahead = text[max(clause, previous) : start]
    stop = _CLAUSE.search(text, end, end + 70)
    behind_end = stop.start() if stop else min(len(text), end + 70)
    times = _TIMES.finditer(text, max(clause, previous), start)
    lead = [one for one in times if not _NO_LANDMARK.search(text, max(0, one.start() - 40), one.start())]
    trail = _TIMES.search(text, end, behind_end)
    own = trail and _BRACKET.fullmatch(text, end, trail.start()) and text.startswith(")", trail.end())
    if own:  # `80% (1 year), 60% (2 years)`: the time before is that of the percentage before
        lead = []
    elif trail and not _AT_ONCE.fullmatch(text, end, trail.start()):
        trail = None
    time = lead[-1] if lead else trail
    if time is None:
        return None, end
    behind = text[end : trail.start() if trail and not lead else min(end + 40, behind_end)]
    near = ahead + " ¤ " + re.split(r"[(%]", behind)[0]
    after, listed = end if lead else time.end(), time["times"]
    if not _speaks_of_survival(text[clause:start], ahead, near):
        return None, after
    if 1 < len(chain) == len(lead):
        between = [text[one.end() : other.start()] for one, other in pairwise(lead)]
        if all(map(_OWN_ENDPOINT.fullmatch, between)):
            survival = all(map(_is_survival, between))
            return ([spelled for one in lead for spelled in _spell(one["times"])] if survival else None), end
    counts = [_OWN_COUNT.fullmatch(text, one.end, other.start) for one, other in pairwise(chain)]
    if any(counts):
        if lead or not all(counts) or len(_EACH_TIME.findall(listed)) > 1:
            return None, after
        listed = ", ".join([*(count[1] for count in counts if count), listed])
    return _spell(listed), after


def _speaks_of_survival(clause: str, ahead: str, near: str) -> bool:
    """Tell whether the word nearest to a percentage is one of survival rather than of response or harm."""
    survival, other = ([match.start() for match in words.finditer(ahead)] for words in (_SURVIVAL, _OTHER))
    if survival or other:
        return max(survival, default=-1) > max(other, default=-1)
    return not _OTHER.search(near) and (bool(_SURVIVAL.search(near)) or _is_survival(clause))


def _is_survival(words: str) -> bool:
    return bool(_SURVIVAL.search(words)) and not _OTHER.search(words)


def _spell(times: str) -> list[str]:
    """Return `at 12 months` for each time of a list."""
    spelled: list[str] = []
    unit = ""
    for count, own in reversed(_EACH_TIME.findall(times)):
        unit = PLURAL[own] if own else unit  # a time without its unit has that of the next one
        number = count if count[0].isdigit() else str(read_count(count))
        spelled.insert(0, f"at {number} {unit[:-1] if number == '1' else unit}")
    return spelled
