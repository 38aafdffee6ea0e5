"""The services that `livrev watch` asks, played on this machine: a small world of papers that do not exist."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from service_answers import (
    CROSSREF_WORK,
    EUROPEPMC_RESULT,
    RETRACTED,
    STUDY,
    as_json,
    crossref,
    crossref_list,
    esearch,
    europepmc,
    pubmed_xml,
)
from small_review import write_table
from werkzeug import Request, Response

from livrev.paths import Repository

DAY = "2026-01-15"
SEARCHES = [
    {"search": "pubmed-cress", "service": "PubMed", "question": "exercise", "query": "cress[tiab]", "written_on": DAY},
    {
        "search": "preprints-cress", "service": "Europe PMC", "question": "exercise", "query": "SRC:PPR AND cress",
        "written_on": DAY, "last_run": DAY, "hits": "3",
    },
    {
        "search": "registry-cress", "service": "ClinicalTrials.gov", "question": "exercise",
        "query": "cress", "written_on": DAY,
    },
]  # fmt: skip


def write_searches(repository: Repository) -> None:
    """Write the three searches into the small review."""
    package = json.loads(repository.datapackage.read_text(encoding="utf-8"))
    fields = next(r for r in package["resources"] if r["name"] == "search_strategies")["schema"]["fields"]
    write_table(repository.data / "search" / "strategies.csv", [field["name"] for field in fields], SEARCHES)


Fault = Callable[[], Response]


@dataclass
class World:
    """What the services know, what they were asked, and how they are to fail: *faults* are answered first, in turn."""

    server: HTTPServer
    papers: dict[str, dict[str, str]] = field(default_factory=dict)
    preprints: list[dict[str, Any]] = field(default_factory=list)
    trials: list[dict[str, Any]] = field(default_factory=list)
    works: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("/.*")).respond_with_handler(self.answer)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead livrev here."""
        names = ("PUBMED", "EUROPEPMC", "CROSSREF", "CLINICALTRIALS")
        return {f"LIVREV_{name}": self.server.url_for(f"/{name.lower()}") for name in names}

    def add_paper(self, pmid: str, **facts: str) -> None:
        """Let PubMed know a paper."""
        self.papers[pmid] = {"doi": f"10.5555/{pmid}"} | facts

    def add_trial(self, nct: str, title: str) -> None:
        """Let the registry know a trial."""
        study = json.loads(json.dumps(STUDY))
        study["protocolSection"]["identificationModule"] |= {"nctId": nct, "officialTitle": title}
        self.trials.append(study)

    def answer(self, request: Request) -> Response:
        """Answer as the service does whose part of the path was asked."""
        path, params = request.path.strip("/"), dict(request.args)
        self.asked.append((path, params))
        for place, faults in self.faults.items():
            if path.startswith(place) and faults:
                return faults.pop(0)()
        body = self._body(path, params)
        kind = "text/xml" if body.startswith("<") else "application/json"
        return Response(body, content_type=kind) if body else Response("not found", status=404)

    def _body(self, path: str, params: dict[str, str]) -> str:
        if path == "pubmed/esearch.fcgi":
            dois = re.findall(r'"([^"]+)"\[doi\]', params["term"])
            found = [n for n, p in self.papers.items() if (p["doi"] in dois if dois else p.get("hidden") != "yes")]
            return as_json(esearch(*found))
        if path == "pubmed/efetch.fcgi":
            known = [number for number in params["id"].split(",") if number in self.papers]
            facts = [{k: v for k, v in self.papers[n].items() if k != "hidden"} for n in known]
            sets = [pubmed_xml(number, **fact) for number, fact in zip(known, facts, strict=True)]
            articles = [re.search(r"<PubmedArticle>.*</PubmedArticle>", text, re.DOTALL) for text in sets]
            return "<PubmedArticleSet>" + "".join(match[0] for match in articles if match) + "</PubmedArticleSet>"
        if path == "europepmc/search":
            return as_json(europepmc(*self.preprints))
        if path == "clinicaltrials/studies":
            return as_json({"studies": self.trials, "totalCount": len(self.trials)})
        if path == "crossref/works":
            wanted = params["filter"].removeprefix("updates:")
            return as_json(crossref_list(*(w for w in self.updates if wanted in json.dumps(w["update-to"]))))
        if path.startswith("crossref/works/"):
            work = self.works.get(path.removeprefix("crossref/works/"))
            return as_json(crossref(work)) if work else ""
        return ""


def small_world(server: HTTPServer) -> World:
    """Return a world in which there is something new at each service, something known, and one retraction."""
    world = World(server)
    world.add_paper("40000001", title="Cress and leafoma: new results of a trial of watering")
    world.add_paper("40000002", title="Lawns in spring and what becomes of them")
    world.add_paper("1234567", title="A trial of cress", doi="10.1234/trial", notices=RETRACTED, hidden="yes")
    world.add_paper("40000003", title="A trial of cress, printed again", doi="10.1234/trial")
    world.papers["40000003"]["hidden"] = "no"
    world.preprints.append(
        EUROPEPMC_RESULT
        | {
            "id": "PPR1",
            "source": "PPR",
            "pmid": "",
            "pmcid": "",
            "doi": "10.5555/preprint.1",
            "title": "Cress first seen",
        }
    )
    world.add_trial("NCT01234567", "The trial that is a study already")
    world.add_trial("NCT07654321", "A trial of cress that is to begin")
    for doi in ("10.1234/cress", "10.1234/trial"):
        world.works[doi] = CROSSREF_WORK | {"DOI": doi}
    notice = {"DOI": "10.1234/cress", "type": "correction", "updated": {"date-time": "2026-01-10T00:00:00Z"}}
    world.updates.append(CROSSREF_WORK | {"DOI": "10.1234/notice", "update-to": [notice]})
    return world
