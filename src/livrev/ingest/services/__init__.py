"""The services that livrev asks, one small client each; all go through one transport and return one kind of record."""

from livrev.ingest.services.clinicaltrials import ClinicalTrials
from livrev.ingest.services.crossref import Crossref
from livrev.ingest.services.europepmc import EuropePMC
from livrev.ingest.services.failure import AddressRefused, NotFound, ServiceFailed
from livrev.ingest.services.hits import Hits
from livrev.ingest.services.pubmed import PubMed
from livrev.ingest.services.transport import Manners, Report
from livrev.ingest.services.webpage import WebPages

__all__ = [
    "AddressRefused",
    "ClinicalTrials",
    "Crossref",
    "EuropePMC",
    "Hits",
    "Manners",
    "NotFound",
    "PubMed",
    "Report",
    "ServiceFailed",
    "WebPages",
]
