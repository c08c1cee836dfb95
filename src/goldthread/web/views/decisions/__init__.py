"""Pages of decisions: mine, one of them, hearing people, deciding together, the facts."""

from goldthread.web.views.decisions import deciding, facts, hearing, one, partners, together  # noqa: F401  (registers pages)
