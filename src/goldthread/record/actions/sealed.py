"""The decision-maker's view, sealed before anybody is heard and opened by deciding.

What is stored proves the view (sha256 of nonce and text) and cannot be read: nonce and text are encrypted with a key that lies
outside the database (GOLDTHREAD_SEAL_KEY, else a file in GOLDTHREAD_HOME).
"""

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction

from goldthread.journal import database
from goldthread.journal.events import leave
from goldthread.organisation.access import Viewer
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Decision, Hearing, SealedView
from goldthread.record.practice import practice_named

LENGTH = 200
CONFIDENCE = {"low": "Not sure", "middle": "Fairly sure", "high": "Sure"}


@dataclass(frozen=True)
class Opened:
    """What the view was."""

    outcome: str
    confidence: str


def _box() -> Fernet:
    key = os.environ.get("GOLDTHREAD_SEAL_KEY") or database.secret("seal")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


@transaction.atomic
def seal_view(*, by: Viewer, at: datetime, decision: Decision, outcome: str, confidence: str) -> SealedView:
    """Write down what you would decide now, before you hear anybody. Nobody can read it until you decide; then the decision says
    only whether it stayed, was amended or changed.
    """
    from goldthread.record.actions.decisions.common import lock_open, require_decider

    decision = lock_open(decision)
    role = require_decider(by, decision)
    if outcome not in practice_named(decision.practice).decision_kind(decision.kind).outcomes:
        raise Invalid("view", "Choose what you would decide today, before you have heard anybody.")
    if confidence not in CONFIDENCE:
        raise Invalid("confidence", "Say how sure you are.")
    if Hearing.objects.filter(decision=decision).exists():
        raise Refused("People are being heard already: a view is written down before. Nothing was changed.")
    if SealedView.objects.filter(decision=decision).exists():
        raise Refused("A view has been written down already, and cannot be replaced. Nothing was changed.")
    nonce = secrets.token_bytes(16)
    text = json.dumps([outcome, confidence]).ljust(LENGTH).encode()  # its length must not tell what it says
    view = SealedView.objects.create(
        organisation_id=decision.organisation_id, decision=decision, sealed_by_id=by.person_id, sealed_at=at,
        sha256=hashlib.sha256(nonce + text).digest(), ciphertext=_box().encrypt(nonce + text),
    )  # fmt: skip
    leave("record.view_sealed", by=by.acting_as(role), at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, sha256=bytes(view.sha256).hex())  # fmt: skip
    return view


def open_view(decision: Decision, decider: object, *, amended: bool, at: datetime, using: str = "default") -> str:
    """Open the view of a decision just taken, and note what hearing did to it. Returns the effect; "" where none was sealed.

    Where somebody else decided, or many did, nothing is measured.
    """
    view = SealedView.objects.using(using).filter(decision=decision, opened_at__isnull=True).first()
    if view is None:
        return ""
    found = read(view)
    if found is None or decider != view.sealed_by_id:
        effect = "not_measured"
    elif found.outcome != decision.outcome:
        effect = "changed"
    else:
        effect = "amended" if amended else "unchanged"
    view.opened_at, view.effect = at, effect
    view.save(using=using, update_fields=["opened_at", "effect"])
    return effect


def read(view: SealedView) -> Opened | None:
    """What was sealed; None if it cannot be opened with this installation's key or does not match its proof."""
    try:
        opened = _box().decrypt(bytes(view.ciphertext))
    except InvalidToken:
        return None
    if hashlib.sha256(opened).digest() != bytes(view.sha256):
        return None
    outcome, confidence = json.loads(opened[16:])
    return Opened(outcome, confidence)
