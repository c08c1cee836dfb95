"""Every read of the record. The viewer is never optional."""
