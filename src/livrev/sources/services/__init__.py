"""The services that livrev asks, one small client each; all go through one transport and return one kind of record."""

from livrev.sources.services.clinicaltrials import ClinicalTrials
from livrev.sources.services.crossref import Crossref
from livrev.sources.services.europepmc import EuropePMC
from livrev.sources.services.failure import AddressRefused, NotFound, ServiceFailed
from livrev.sources.services.pubmed import PubMed
from livrev.sources.services.search_results import Hits
from livrev.sources.services.transport import RatePolicy, Report
from livrev.sources.services.webpage import WebPages

__all__ = [
    "AddressRefused",
    "ClinicalTrials",
    "Crossref",
    "EuropePMC",
    "Hits",
    "NotFound",
    "PubMed",
    "RatePolicy",
    "Report",
    "ServiceFailed",
    "WebPages",
]
