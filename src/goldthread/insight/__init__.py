"""Questions put to the record: what changed, what is chance, how long it takes."""
