"""The whole path of any object, as a picture and as a list."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.record.queries.thread import thread as find_thread
from goldthread.record.refs import Ref
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.presenters import thread as presenter


@page("thread/<slug:practice>/<slug:kind>/<uuid:object_id>", name="thread")
def thread(request: HttpRequest, practice: str, kind: str, object_id: UUID) -> HttpResponse:
    """Who asked, who decided, who was heard, how long it took, what changed, and what the measure did next."""
    steps = find_thread(viewer=request.viewer, ref=Ref(practice, kind, object_id))
    return render(request, "thread/thread.jinja", {"thread": presenter.thread(request.viewer, steps)})
