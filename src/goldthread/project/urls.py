"""Every address; each page registers itself in goldthread.web."""

from goldthread.web.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
