"""Figures: records in, a picture and its description out. Nothing here reads or writes a file."""
