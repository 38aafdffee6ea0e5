"""How records and results are shown: one formatter, tables, figures and cards. Nothing here computes a result."""
