"""Estimates from records: every number that the book prints."""
