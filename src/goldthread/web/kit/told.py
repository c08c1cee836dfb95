"""One sentence on the next page: what has just been done."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

_KEY = "told"


def tell(request: HttpRequest, sentence: str) -> None:
    """Show this sentence, once, on the next page this person sees."""
    request.session[_KEY] = sentence[:500]


def go_and_tell(request: HttpRequest, sentence: str, name: str, **kwargs: object) -> HttpResponseRedirect:
    """After a form did its work: to the page called `name`, which says what was done."""
    tell(request, sentence)
    return HttpResponseRedirect(reverse(name, kwargs=kwargs), status=303)


def told(request: HttpRequest | None) -> str:
    """The sentence waiting for this person, taken away by being read."""
    if request is None or not hasattr(request, "session") or request.session.is_empty():
        return ""
    return str(request.session.pop(_KEY, ""))
