"""What the notebooks show: one function a table or figure, records in, nothing computed twice."""
