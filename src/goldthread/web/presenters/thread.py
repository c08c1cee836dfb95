"""A thread in words and as a picture."""

from dataclasses import dataclass

from markupsafe import Markup

from goldthread.insight.variation import read_all
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.record.models import Change, Measure
from goldthread.record.queries import board as queries
from goldthread.record.queries.series import measure_series
from goldthread.record.queries.thread import Step
from goldthread.web.charts import svg
from goldthread.web.charts.thread import ThreadStep, thread_picture
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters import variation

SHAPES = {"voice": "idea", "listening": "visit", "visit": "visit", "decision": "decision", "promise": "commitment",
          "test": "test", "change": "change", "measure": "measure"}  # fmt: skip


MARKS = {"idea": "○", "decision": "◎", "test": "△", "change": "■", "measure": "◆", "commitment": "□", "visit": "×"}


@dataclass(frozen=True)
class Line:
    """One step of the list."""

    kind: str
    mark: str
    when: str
    title: str
    detail: str
    by: str
    href: str
    elapsed: str


@dataclass(frozen=True)
class ThreadPage:
    """The page: one sentence, the picture, the list."""

    heading: str
    picture: Markup
    lines: list[Line]


def thread(viewer: Viewer, steps: list[Step]) -> ThreadPage:
    """Put the steps into words; measures say what they did next."""
    changes = [step.described.ref.id for step in steps if step.described.ref.kind == "change"]
    measured = {
        step.described.ref: _measure_detail(viewer, step, changes)
        for step in steps
        if step.described.shape == "measure"
    }
    lines = [_line(step, measured.get(step.described.ref, "")) for step in steps]
    heading = _heading(steps, measured)
    drawn = [
        ThreadStep(
            SHAPES.get(step.described.shape, "test"),
            line.title,
            step.described.on,
            shortened(line.detail),
            step.described.vague_date,
        )
        for step, line in zip(steps, lines, strict=True)
    ]
    picture = svg.responsive(
        lambda identity, compact: thread_picture(heading, drawn, id=identity, compact=compact), "picture"
    )
    return ThreadPage(heading, picture, lines)


def _line(step: Step, measured: str) -> Line:
    one = step.described
    when = words.week_of(one.on) if one.vague_date else words.day(one.on)
    return Line(
        kind=one.kind_title,
        mark=MARKS[SHAPES.get(one.shape, "test")],
        when="now" if one.shape == "measure" else when,
        title=one.title,
        detail=measured or one.detail,
        by=one.by,
        href=_address(one.ref.practice, one.ref.kind, one.ref.id),
        elapsed="" if not step.days else words.duration(step.days),
    )


def _address(practice: str, kind: str, object_id: object) -> str:
    found = PAGES.get((practice, kind))
    return address(found[0], **{found[1]: object_id}) if found else ""


#: The page of each kind of object that has one, and the name of its id there.
PAGES = {
    ("record", "decision"): ("decision", "decision_id"),
    ("record", "change"): ("change", "change_id"),
    ("record", "seat"): ("seat", "seat_id"),
    ("record", "earned_limit"): ("limit", "limit_id"),
    ("voice", "idea"): ("idea", "idea_id"),
    ("voice", "visit"): ("visit", "visit_id"),
    ("governance", "scheme"): ("scheme", "scheme_id"),
    ("governance", "draft"): ("draft", "draft_id"),
    ("governance", "meeting"): ("meeting", "meeting_id"),
    ("governance", "initiative"): ("initiative", "initiative_id"),
    ("governance", "pledge"): ("pledge", "pledge_id"),
    ("governance", "pledge_received"): ("pledge_received", "received_id"),
    ("crisis", "declaration"): ("crisis_authority", "declaration_id"),
    ("crisis", "team"): ("crisis_team", "team_id"),
    ("crisis", "reconfiguration"): ("crisis_reconfiguration", "reconfiguration_id"),
    ("crisis", "update"): ("crisis_update", "update_id"),
    ("crisis", "area"): ("crisis_area", "area_id"),
}


def _measure_detail(viewer: Viewer, step: Step, change_ids: list) -> str:
    """What the measure did next, at the unit of the newest change of this thread."""
    measure = Measure.objects.filter(id=step.described.ref.id).first()
    if measure is None:
        return ""
    changes = list(
        Change.objects.filter(
            organisation_id=viewer.organisation_id, id__in=change_ids, live_on__isnull=False
        ).order_by("-live_on")
    )
    unit = Unit.objects.get(key=changes[0].unit_id if changes else measure.unit_id)
    try:
        reading = read_all([measure_series(viewer=viewer, unit=unit, key=f"own.{measure.id}")])[0]
    except NotFound:
        return ""
    if reading.latest is None:
        return "No values yet"
    marks = queries.changes_on_measure(viewer=viewer, measure_id=measure.id, unit=unit)
    know = variation.what_to_know(reading, marks)
    note = " (association: no comparison unit)" if reading.signals and marks else ""
    return f"{variation.VARIATION[reading.variation] if reading.result.limits != 'refused' else 'too little to say'}{note}. {know}".strip()


def shortened(text: str, most: int = 200) -> str:
    """The text, cut at a word with an ellipsis where the picture has no room for it."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;.") + "…"


def _heading(steps: list[Step], measured: dict) -> str:
    """One sentence from the first voice to the last measure."""
    kinds = [step.described.shape for step in steps]
    first = next((step.described for step in steps if step.described.shape == "voice"), steps[0].described)
    asked = f"{first.kind_title} “{shortened(first.title, 80)}”"
    live = sum("Live from" in step.described.detail for step in steps if step.described.shape == "change")
    if live:
        better = any("improving" in text for text in measured.values())
        worse = any("worse" in text for text in measured.values())
        tail = (
            ", and the measure has been better since"
            if better
            else ", and the measure has been worse since"
            if worse
            else ""
        )
        return f"{asked} led to {'a change' if live == 1 else words.plural(live, 'change')} that went live{tail}"
    if "change" in kinds:
        return f"{asked} led to a change that is planned"
    decided = [step.described for step in steps if step.described.shape == "decision"]
    if decided and not any("Waiting for" in one.detail for one in decided):
        return f"{asked} has been answered"
    return f"{asked} is waiting for an answer" if decided else asked
