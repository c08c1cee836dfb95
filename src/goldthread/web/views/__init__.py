"""Thin views: one action or query each."""
