"""The records: what stands in data/ and references.bib, read once into one checked Review."""
