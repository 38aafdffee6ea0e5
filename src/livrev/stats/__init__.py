"""Statistics: numbers in, numbers out. Nothing here knows a record, a review or a page."""
