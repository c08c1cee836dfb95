"""Every write of the record: keyword-only, one transaction each, an event at the end, the object returned."""
