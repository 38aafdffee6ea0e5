"""What is wrong with the review: file, line, field, value and cure; one module a table, and some for prose and files."""
