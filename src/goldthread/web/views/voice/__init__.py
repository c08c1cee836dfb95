"""Voice's pages."""

from goldthread.web.views.voice import ideas, listening, say, visits

__all__ = ["ideas", "listening", "say", "visits"]
