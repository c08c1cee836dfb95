"""Whose decision is it? The scheme in force at a unit answers; where there is none, one built-in rule.

The built-in rule: the unit's manager decides alone, with a deputy, in fourteen days; then it goes to the parent unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.methods import rights
from goldthread.organisation import tree
from goldthread.organisation.models import Unit
from goldthread.organisation.profiles import NHS_ICS
from goldthread.record import derived
from goldthread.record.derived import Question, Value
from goldthread.record.errors import Invalid
from goldthread.record.models import Body, Delegation, EarnedLimit, Mode, Scheme, SchemeTerm

BUILT_IN = "built-in"
DECIDER = "unit_manager"
DEPUTY = "deputy_manager"
WITHIN_DAYS = 14
#: Levels from the top of the tree down; every profile has the same keys.
LEVELS = tuple(NHS_ICS.levels)


@dataclass(frozen=True)
class Holder:
    """Who a decider's name stands for, at a unit: a role with its deputy, or a body."""

    name: str
    role: str
    deputy: str
    unit: Unit
    level: str
    body: Body | None = None
    title: str = ""

    def kept(self) -> dict[str, object]:
        """As a decision keeps it for the return of temporary authority."""
        return {"role": self.role, "deputy": self.deputy, "unit": self.unit.key, "level": self.level,
                "body": str(self.body.id) if self.body else None}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """What a scheme says of a question: who, how, by when, after whom, and why."""

    rule: str
    holder: Holder
    then: rights.Then
    clause: str = ""
    scheme: Scheme | None = None
    policy: rights.Policy | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    narrower: tuple[rights.NotMatched, ...] = ()
    mode: Mode | None = None
    delegation: Delegation | None = None
    returns_to: "Match | None" = None

    @property
    def scheme_version(self) -> int:
        """0 for the built-in rule."""
        return self.scheme.version if self.scheme else 0

    @property
    def authority_until(self) -> datetime | None:
        """When a temporary right is over."""
        ends = [one.ends_at for one in (self.delegation, self.mode) if one is not None]
        return min(ends) if ends and self.returns_to is not None else None


def match(question: Question) -> Match:
    """Whose a question is. Raises Invalid (naming the attribute) for facts that the scheme does not know."""
    found = _plain(question, derived.mode_at(question.unit, question.at, using=question.using))
    return _delegated(question, found)


def _plain(question: Question, mode: Mode | None) -> Match:
    day = local_date(question.at)
    scheme = question.scheme if question.fixed else in_force(question.unit, day, using=question.using)
    if scheme is None:
        return built_in(question.unit, day, using=question.using)
    policy = _with_earned(policy_of(scheme), question, day)
    facts = facts_of(policy, question)
    found = _explain(policy, scheme, facts, question)
    usual = _mode_attribute(policy)
    if mode is None or usual is None or facts.get(usual.name) != mode.mode:
        return found
    normal = _explain(policy, scheme, {**facts, usual.name: _ordinary(usual)}, question)
    if normal.rule == found.rule:
        return found
    return replace(found, mode=mode, returns_to=normal)


def _explain(policy: rights.Policy, scheme: Scheme, facts: Mapping[str, Value], question: Question) -> Match:
    try:
        said = rights.explain(policy, facts)
    except rights.ChangeProblem as problem:
        raise Invalid(problem.attribute, str(problem)) from None
    except rights.NobodyDecides:
        return built_in(question.unit, local_date(question.at), using=question.using)
    usual = {name: one.default for name, one in policy.attributes.items() if one.default is not None}
    complete = {**usual, **facts}
    holder = resolve(policy, said.rule.then.decider, question.unit, local_date(question.at), using=question.using)
    return Match(said.rule.id, holder, said.rule.then, said.rule.clause, scheme, policy, complete, said.assumed, said.narrower)  # fmt: skip


def _delegated(question: Question, found: Match) -> Match:
    """The same decision, given for a time to a body that acts for its decision-maker on this subject."""
    subject = found.attributes.get("subject")
    rows = Delegation.objects.using(question.using).select_related("body").filter(
        organisation_id=question.unit.organisation_id, unit_id__in=question.unit.path, role=found.holder.role,
        starts_at__lte=question.at, ends_at__gt=question.at, ended_at__isnull=True,
    )  # fmt: skip
    for row in rows:
        reaches = row.unit_id in found.holder.unit.path  # what is decided further up was not this role's to give
        if (
            reaches
            and subject in row.subjects
            and found.then.method in ("alone", "advice")
            and found.holder.body is None
        ):
            holder = replace(found.holder, name=row.body.slug, body=row.body, title=row.body.title)
            return replace(found, holder=holder, delegation=row, returns_to=found.returns_to or found)
    return found


def in_force(unit: Unit, on: date, *, using: str = "default") -> Scheme | None:
    """The scheme in force on a day for the nearest unit at or above this one, within its organisation."""
    terms = SchemeTerm.objects.using(using).select_related("scheme").filter(
        organisation_id=unit.organisation_id, unit_id__in=unit.path, period__contains=on
    )  # fmt: skip
    nearest = max(terms, key=lambda term: unit.path.index(term.unit_id), default=None)
    return nearest.scheme if nearest else None


def policy_of(scheme: Scheme) -> rights.Policy:
    """The scheme as a table that can be asked. Texts never change, so each is read once."""
    return _read(scheme.id, scheme.text)


@lru_cache(maxsize=256)
def _read(scheme_id: UUID, text: str) -> rights.Policy:
    reading = rights.read_policy(text)
    if reading.policy is None:
        raise ValueError(f"scheme {scheme_id} cannot be read: {reading.problems[0].message}")
    return reading.policy


def _with_earned(policy: rights.Policy, question: Question, day: date) -> rights.Policy:
    earned = EarnedLimit.objects.using(question.using).filter(
        organisation_id=question.unit.organisation_id, unit_id__in=question.unit.path, period__contains=day
    )
    for one in sorted(earned, key=lambda row: (row.rule, row.attribute, row.step)):
        policy = _raised(policy, one.rule, one.attribute, one.up_to)
    return policy


@lru_cache(maxsize=512)
def _raised(policy: rights.Policy, rule: str, attribute: str, up_to: str) -> rights.Policy:
    high: int | str = int(up_to) if policy.attributes[attribute].type == "int" else up_to
    try:
        return rights.with_limit(policy, rule=rule, attribute=attribute, high=high)
    except ValueError:
        return policy  # the rule it was earned under is in this version no more


def facts_of(policy: rights.Policy, question: Question) -> dict[str, Value]:
    """What was said, with what can be derived put in its place."""
    facts = {name: value for name, value in question.said.items() if name not in derived.ALSO_SAID}
    subject = policy.attributes.get("subject")
    if subject is not None and subject.default is not None:  # whoever names no subject asks about the usual one
        question = replace(question, said={"subject": subject.default, **question.said})
    scope = policy.attributes.get("scope")
    if scope is not None and "scope" not in facts:
        level = _level(question.unit, scope.values)
        facts |= {"scope": level} if level else {}
    for attribute in policy.attributes.values():
        value = derived.derive(attribute.derived, question) if attribute.derived in derived.DERIVED else None
        if value is not None:
            facts[attribute.name] = value
    return facts


def understood(unit: Unit, at: datetime, facts: Mapping[str, Value], *, using: str = "default") -> dict[str, Value]:
    """Those of the facts that the scheme in force at a unit has words for."""
    scheme = in_force(unit, local_date(at), using=using)
    if scheme is None:
        return dict(facts)
    attributes = policy_of(scheme).attributes
    return {
        name: value for name, value in facts.items()
        if name in attributes and (attributes[name].type in ("int", "bool") or value in attributes[name].values)
    }  # fmt: skip


def _level(unit: Unit, values: tuple[str, ...]) -> str | None:
    """The unit's own level as a scope, or the next one above it that the scheme has."""
    order = LEVELS[: _order(unit.level) + 1]
    return next((level for level in reversed(order) if level in values), None)


def _mode_attribute(policy: rights.Policy) -> rights.Attribute | None:
    return next((one for one in policy.attributes.values() if one.derived == "mode"), None)


def _ordinary(attribute: rights.Attribute) -> Value:
    return attribute.default if attribute.default is not None else attribute.values[0]


def resolve(policy: rights.Policy, name: str, unit: Unit, on: date, *, using: str = "default") -> Holder:
    """Who a name in a scheme stands for at a unit: the nearest unit at its level or above where somebody holds the role."""
    decider = policy.deciders.get(name)
    if decider is None:
        return replace(built_in(unit, on, using=using).holder, name=name, title=name)
    if decider.body:
        body = Body.objects.using(using).filter(organisation_id=unit.organisation_id, slug=decider.body).first()
        top = tree.root_of(unit.organisation_id, using=using)
        return Holder(name, DECIDER, DEPUTY, top, top.level, body, decider.title or decider.body)
    role, deputy = decider.role or DECIDER, decider.deputy or DEPUTY
    chain = [one for one in reversed(tree.breadcrumb(unit, using=using)) if one.organisation_id == unit.organisation_id]
    at_level = [one for one in chain if not decider.level or _order(one.level) <= _order(decider.level)] or chain[-1:]
    held = next((one for one in at_level if tree.holders(one, (role,), on, using=using)), at_level[0])
    return Holder(name, role, deputy, held, decider.level or held.level, None, decider.title)


def _order(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def built_in(unit: Unit, on: date, *, using: str = "default") -> Match:
    """The nearest manager at or above the unit; where there is none, the topmost unit."""
    decider = tree.managed_from(unit, on) or tree.root_of(unit.organisation_id, using=using)
    then = rights.Then(decider=DECIDER, method="alone", within_days=WITHIN_DAYS)
    return Match(BUILT_IN, Holder(DECIDER, DECIDER, DEPUTY, decider, decider.level), then)


def above(decider_unit: Unit, on: date, *, using: str = "default") -> Unit:
    """Who decides when a decision was not taken in time: the nearest manager above; at the top, the same unit again."""
    parent = decider_unit.parent
    if parent is None or parent.organisation_id != decider_unit.organisation_id:
        return decider_unit
    return tree.managed_from(parent, on) or decider_unit
