"""Decisions in sentences: lists, one of them, the table at which it is taken together."""
