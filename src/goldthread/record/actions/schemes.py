"""Schemes of delegation: drafting a version, checking it, bringing it into force by a decision."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from psycopg.types.range import DateRange

from goldthread.journal.clock import local_date, now
from goldthread.journal.events import Actor, leave
from goldthread.methods import rights
from goldthread.organisation import tree
from goldthread.organisation.access import Permission, Viewer, require
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import ROLES
from goldthread.record import rules
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Body, Decision, Scheme, SchemeTerm
from goldthread.record.text import clean_text


@dataclass(frozen=True)
class Examined:
    """What the checker says of a text. `ready` means that it could enter into force."""

    policy: rights.Policy | None
    problems: tuple[rights.Problem, ...]
    findings: rights.Findings | None

    @property
    def gaps(self) -> tuple[rights.Gap, ...]:
        """Questions that nobody may decide."""
        return tuple(gap for gap in self.findings.gaps if not gap.residual) if self.findings else ()

    @property
    def only_residual(self) -> tuple[rights.Gap, ...]:
        """Questions that only the last clause catches."""
        return tuple(gap for gap in self.findings.gaps if gap.residual) if self.findings else ()

    @property
    def overlaps(self) -> tuple[rights.Overlap, ...]:
        """Pairs of rules that disagree without saying so."""
        return tuple(one for one in self.findings.overlaps if not one.declared) if self.findings else ()

    @property
    def dead(self) -> tuple[str, ...]:
        """Rules that never decide anything."""
        return self.findings.dead if self.findings else ()

    @property
    def ready(self) -> bool:
        """No problem, no gap, no undeclared overlap, no dead rule, and every decision-maker is known here."""
        return self.policy is not None and not (self.problems or self.gaps or self.overlaps or self.dead)


def examine(text: str, *, organisation_id: int) -> Examined:
    """Read and check a scheme for an organisation: names must stand for roles, levels and bodies that it has."""
    reading = rights.read_policy(text)
    if reading.policy is None:
        return Examined(None, reading.problems, None)
    policy = reading.policy
    unresolved = rights.unresolved(policy, roles=tuple(ROLES), levels=rules.LEVELS)
    standing = Body.objects.filter(organisation_id=organisation_id).exclude(ends_on__lte=local_date(now()))
    there = set(standing.values_list("slug", flat=True))
    missing = tuple(
        rights.Problem(None, f"deciders.{one.name}", f"there is no body called {one.body!r} here", _near(one.body, there), None)
        for one in policy.deciders.values() if one.body and one.body not in there
    )  # fmt: skip
    return Examined(policy, (*unresolved, *missing), rights.check(policy))


def _near(name: str, there: set[str]) -> str:
    return f"there are: {', '.join(sorted(there))}" if there else f"make a body called {name} first"


@transaction.atomic
def draft_scheme(*, by: Viewer, at: datetime, title: str, text: str, note: str = "") -> Scheme:
    """Keep a version of a scheme. It must be readable; what else the checker finds is shown beside it until it is approved."""
    require(by, Permission.GOVERN, tree.root_of(by.organisation_id))
    reading = rights.read_policy(text)
    if reading.policy is None:
        first = reading.problems[0]
        where = " ".join(part for part in (f"Line {first.line}:" if first.line else "", f"rule {first.rule}," if first.rule else "", first.key) if part)  # fmt: skip
        hint = f" {first.suggestion}" if first.suggestion else ""
        raise Invalid("text", f"{where} {first.message}.{hint}")
    version = Scheme.objects.filter(organisation_id=by.organisation_id).aggregate(Max("version"))["version__max"] or 0
    scheme = Scheme.objects.create(
        organisation_id=by.organisation_id, version=version + 1, title=clean_text(title, field="title", limit=200),
        text=text, sha256=hashlib.sha256(text.encode()).digest(), made_by_id=by.person_id, made_at=at,
        note=clean_text(note, field="note", limit=2000, required=False),
    )  # fmt: skip
    leave("record.scheme_drafted", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="scheme", object_id=scheme.id, version=scheme.version, sha256=bytes(scheme.sha256).hex())  # fmt: skip
    return scheme


def bring_into_force(
    *, scheme: Scheme, unit: Unit, from_day: date, at: datetime, decision: Decision | None, actor: Actor, using: str = "default"
) -> SchemeTerm:  # fmt: skip
    """The scheme is in force at a unit and below from a day; the one before ends that day. Open decisions keep the version they were
    opened under. Refused while the checker finds anything.
    """
    if not examine(scheme.text, organisation_id=scheme.organisation_id).ready:
        raise Refused("The scheme still has gaps, contradictions or unknown names. Nothing was changed.")
    day = max(from_day, local_date(at))
    with transaction.atomic(using=using):
        later = SchemeTerm.objects.using(using).filter(unit_id=unit.key, period__startswith__gte=day)
        if later.exists():
            raise Invalid("from_day", f"Another scheme starts at {unit.name} on or after that day.")
        before = SchemeTerm.objects.using(using).filter(unit_id=unit.key, period__contains=day).first()
        if before is not None:
            before.period = DateRange(before.period.lower, day)
            before.save(using=using, update_fields=["period"])
        term = SchemeTerm.objects.using(using).create(
            organisation_id=scheme.organisation_id,
            scheme=scheme,
            unit_id=unit.key,
            period=DateRange(day, None),
            decision=decision,
        )
        leave("record.scheme_in_force", by=actor, at=at, organisation_id=scheme.organisation_id, practice="record",
              object_kind="scheme", object_id=scheme.id, version=scheme.version, unit=unit.key, using=using)  # fmt: skip
        return term
