"""Take in what others published: from services and files to one record, and from the record to a change of the review."""
