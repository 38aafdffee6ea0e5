"""What is wrong with the review: file, line, field, value and cure; by kinds of record, and some for prose and files."""
