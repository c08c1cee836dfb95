"""Earned authority: a limit is raised in steps for a role, with a coach, guard-rails and a review of what came of it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from psycopg.types.range import DateRange

from goldthread.journal.clock import local_date
from goldthread.journal.events import Actor, leave
from goldthread.methods import rights
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.record import rules
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.notices import tell
from goldthread.record.days import end_of_day
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Decision, EarnedLimit
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

VERDICTS = {"keep": "Keep it as it is", "raise": "Ready for the next step", "end": "End it"}
REVIEW_AFTER = timedelta(days=90)


def ref_of(limit: EarnedLimit) -> Ref:
    """The earned limit as clocks point at it."""
    return Ref("record", "earned_limit", limit.id)


def check_step(*, unit: Unit, rule: str, attribute: str, up_to: str, on: date) -> int:
    """Which step this would be. Raises Invalid if the rule has no such limit, Refused if the step before has not been reviewed well."""
    scheme = rules.in_force(unit, on)
    if scheme is None:
        raise Refused("There is no scheme of delegation in force here, so there is no limit to raise.")
    policy = rules.policy_of(scheme)
    known = policy.attributes.get(attribute)
    if known is None:
        raise Invalid("attribute", f"The scheme has no attribute {attribute!r}.")
    if known.type == "int" and not up_to.removeprefix("-").isdecimal():
        raise Invalid("up_to", f"Write the new limit of {attribute} as a whole number.")
    try:
        rights.with_limit(policy, rule=rule, attribute=attribute, high=int(up_to) if known.type == "int" else up_to)
    except ValueError as error:
        raise Invalid("up_to", str(error)) from None
    last = EarnedLimit.objects.filter(unit_id=unit.key, rule=rule, attribute=attribute).order_by("-step").first()
    if last is None:
        return 1
    if last.period.upper is None and last.verdict != "raise":
        raise Refused("The last step has not been reviewed as ready for the next. Review it first.")
    return int(last.step) + 1


@transaction.atomic
def grant(
    *, decision: Decision, unit: Unit, rule: str, attribute: str, up_to: str, coach: Person, guard_rail: str, at: datetime,
    actor: Actor,
) -> EarnedLimit:  # fmt: skip
    """Raise the limit from today; the step before ends. The decision is whoever's the scheme says it is to give authority."""
    today = local_date(at)
    step = check_step(unit=unit, rule=rule, attribute=attribute, up_to=up_to, on=today)
    for before in EarnedLimit.objects.filter(unit_id=unit.key, rule=rule, attribute=attribute, period__contains=today):
        before.period = DateRange(before.period.lower, today)
        before.save(update_fields=["period"])
    made = EarnedLimit.objects.create(
        organisation_id=unit.organisation_id, unit_id=unit.key, rule=rule, attribute=attribute, up_to=up_to, step=step,
        coach=coach, guard_rail=clean_text(guard_rail, field="guard_rail", limit=2000), period=DateRange(today, None),
        review_on=today + REVIEW_AFTER, decision=decision,
    )  # fmt: skip
    set_clock(
        ref_of(made), organisation_id=unit.organisation_id, purpose="limit_review", due_at=end_of_day(made.review_on)
    )
    leave("record.limit_raised", by=actor, at=at, organisation_id=unit.organisation_id, practice="record",
          object_kind="earned_limit", object_id=made.id, rule=rule, attribute=attribute, up_to=up_to, step=step)  # fmt: skip
    return made


@transaction.atomic
def review(*, by: Viewer, at: datetime, limit: EarnedLimit, verdict: str, words: str) -> EarnedLimit:
    """Say what came of the authority: keep it, ready for the next step, or end it today. By the coach."""
    limit = EarnedLimit.objects.select_for_update().get(id=limit.id)
    if by.person_id != limit.coach_id:
        raise NotYours("The coach reviews this. Nothing was changed.")
    if verdict not in VERDICTS:
        raise Invalid("verdict", f"Choose one of: {', '.join(VERDICTS.values())}.")
    if limit.reviewed_at is not None:
        raise AlreadyEnded("This step has been reviewed already. Nothing was changed.")
    limit.reviewed_at, limit.reviewed_by_id, limit.verdict = at, by.person_id, verdict
    limit.review = clean_text(words, field="review", limit=4000)
    if verdict == "end":
        limit.period = DateRange(limit.period.lower, local_date(at))
        limit.ended_because = limit.review
    limit.save()
    stop_clock(ref_of(limit), organisation_id=limit.organisation_id, purpose="limit_review")
    leave("record.limit_reviewed", by=by.acting_as(), at=at, organisation_id=limit.organisation_id, practice="record",
          object_kind="earned_limit", object_id=limit.id, rule=limit.rule, verdict=verdict)  # fmt: skip
    return limit


def review_due(*, limit_id: UUID, at: datetime, using: str) -> None:
    """Ninety days have passed: the coach is told. Called by the sweeper."""
    limit = EarnedLimit.objects.using(using).get(id=limit_id)
    tell(organisation_id=limit.organisation_id, person_id=limit.coach_id, about=ref_of(limit), kind="limit_review_due", at=at,
         using=using)  # fmt: skip


def outcomes(limit: EarnedLimit) -> dict[str, int]:
    """What came of decisions taken under the limit's rule at its unit and below since it was raised, by look-back verdict."""
    from goldthread.organisation import tree

    rows = Decision.objects.filter(
        organisation_id=limit.organisation_id, rule=limit.rule, state="decided", opened_at__date__gte=limit.period.lower,
        unit_id__in=tree.subtree_keys(limit.unit),
    )  # fmt: skip
    counts = dict.fromkeys(("as_expected", "partly", "not", "cannot_say", "not_yet"), 0)
    for verdict in rows.values_list("happened_verdict", flat=True):
        counts[verdict or "not_yet"] += 1
    return counts
