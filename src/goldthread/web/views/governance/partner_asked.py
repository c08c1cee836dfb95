"""What governance asks partners for through links: a comment, a confirmation, an estimate, a brief, a brief said back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from goldthread.organisation.access import NotFound
from goldthread.practices.governance import actions
from goldthread.practices.governance.models import (
    BriefUnderstood,
    Clause,
    ClauseVersion,
    Comment,
    Initiative,
    InitiativeEstimate,
    PartnerBrief,
    Pledge,
)
from goldthread.record.models import Partner
from goldthread.record.signed import PartnerLink
from goldthread.web.kit import forms, words
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.partner import Purpose, Receipt, Shown, answers


class SayComment(forms.Form):
    """What it is, and the words."""

    kind = forms.Choice("What is it?", presenter.COMMENT_KINDS, needed="Choose what it is")
    text = forms.LongText("What do you want to say about this clause?", limit=4000, needed="Write what you want to say")


class Comments:
    """A comment on one clause of a draft that binds the partner."""

    fields = SayComment

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """The clause as it stands, and what the partner said about it."""
        clause = Clause.objects.select_related("draft").filter(id=link.ref.id).first()
        if clause is None:
            raise NotFound("no such clause")
        draft = clause.draft
        now = ClauseVersion.objects.filter(clause=clause).order_by("-number").first()
        mine = Comment.objects.select_related("version").filter(
            version__clause=clause, partner=partner, at__gte=link.made_at
        )
        said = mine.order_by("-at").first()
        receipt = None
        if said is not None:
            what = (("About these words", said.version.text), (presenter.COMMENT_KINDS[said.kind], said.text))
            since = (
                f"{presenter.OUTCOMES[said.outcome]}: {said.answer}"
                if said.answered_at
                else "It will be answered, and you can read the answer here."
            )
            receipt = Receipt(said.at, what, since)
        open_ = draft.state in ("drafting", "consulting") and not (draft.decision and draft.decision.state == "open")
        ended = (
            ""
            if open_
            else "The time for comments on this draft is over. Thank you for looking; ask whoever sent you the link what became of it."
        )
        return Shown(f"What do you say about clause {clause.position} of “{draft.title}”?",
                     (("What the draft is for", draft.purpose), (f"Clause {clause.position}", now.text if now else "")),
                     "Send the comment", receipt=receipt, ended="" if receipt else ended)  # fmt: skip

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """The comment."""
        clause = Clause.objects.get(id=link.ref.id)
        actions.comment_as_partner(by=partner, at=at, clause=clause, kind=said["kind"], text=said["text"])


class SayKept(forms.Form):
    """Yes or no, and what is missing."""

    kept = forms.Choice("Was it kept?", {"yes": "Yes", "no": "No, or not in full"}, needed="Choose whether it was kept")
    note = forms.LongText("What do you want them to know?", limit=1000, hint="If it was not kept: what is missing")


class Confirms:
    """Whether a promise made to the partner was kept."""

    fields = SayKept

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """The promise, its day, and what the promiser says."""
        pledge = Pledge.objects.filter(id=link.ref.id, to_partner=partner).first()
        if pledge is None:
            raise NotFound("no such promise")
        read = [("They promised you", pledge.text), ("By", words.day(pledge.due_on))]
        if pledge.kept_on:
            read.append(
                (
                    "They say it was kept",
                    f"{words.day(pledge.kept_on)}{f'. {pledge.ended_note}' if pledge.ended_note else ''}",
                )
            )
        receipt, ended = None, ""
        if pledge.confirmed is not None and pledge.confirmed_at is not None:
            word = "You said that it was kept" if pledge.confirmed else "You said that it was not kept"
            receipt = Receipt(pledge.confirmed_at, ((word, pledge.confirmed_note or words.day(pledge.kept_on)),))
        elif pledge.state in ("not_kept", "withdrawn"):
            ended = f"They have said themselves that this was {'not kept' if pledge.state == 'not_kept' else 'taken back'}: {pledge.ended_note} You need not do anything. Thank you for looking."
        return Shown("Was this promise to you kept?", tuple(read), "Send my answer", receipt=receipt, ended=ended)

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """The confirmation."""
        pledge = Pledge.objects.get(id=link.ref.id)
        actions.confirm_as_partner(by=partner, at=at, pledge=pledge, kept=said["kept"] == "yes", note=said["note"])


class SayEstimate(forms.Form):
    """Effort and benefit, 1 to 5."""

    effort = forms.Choice(
        "How much effort does it take from you?", presenter.EFFORT, needed="Choose how much effort it takes"
    )
    benefit = forms.Choice(
        "How much good does it do for the people you serve?", presenter.BENEFIT, needed="Choose how much good it does"
    )


class Estimates:
    """What joint work takes and brings, as the partner sees it."""

    fields = SayEstimate

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """The work, and the partner's estimate if it gave one."""
        work = Initiative.objects.filter(id=link.ref.id).first()
        if work is None:
            raise NotFound("no such work")
        mine = InitiativeEstimate.objects.filter(
            initiative=work, party__partner=partner, said_by__isnull=True, at__gte=link.made_at
        )
        given = mine.order_by("-at").first()
        receipt, ended = None, ""
        if given is not None:
            receipt = Receipt(
                given.at,
                (("Effort", presenter.EFFORT[str(given.effort)]), ("Benefit", presenter.BENEFIT[str(given.benefit)])),
            )
        elif work.state not in ("proposed", "chosen"):
            ended = "This work has started or ended, so no more estimates are needed. Thank you for looking."
        return Shown(f"What would “{work.title}” take, and what would it bring?", (("What it is for", work.purpose),), "Send my estimate",
                     receipt=receipt, ended=ended)  # fmt: skip

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """The estimate."""
        work = Initiative.objects.get(id=link.ref.id)
        actions.estimate_as_partner(
            by=partner, at=at, initiative=work, effort=int(said["effort"]), benefit=int(said["benefit"])
        )


class SayBrief(forms.Form):
    """Aims, limits, incentives."""

    aims = forms.LongText("What do you want to achieve?", limit=2000, needed="Write what you want to achieve")
    limits = forms.LongText("What can you not do, whatever we agree?", limit=2000, needed="Write what you cannot do")
    incentives = forms.LongText(
        "What are you paid or praised for, and what costs you?", limit=2000, needed="Write what you gain or lose"
    )


class WritesBrief:
    """The partner's own brief."""

    fields = SayBrief

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """What the brief says now."""
        if link.ref.id != partner.id:
            raise NotFound("not this partner's")
        now = PartnerBrief.objects.filter(partner=partner).order_by("-number").first()
        receipt = None
        if now is not None and now.written_by_id is None and now.at >= link.made_at:
            receipt = Receipt(now.at, presenter.brief_lines(now))
        read = presenter.brief_lines(now) if now is not None else ()
        return Shown("What should they know about you before you work together?", read, "Send the brief",
                     lead="Whoever works with you reads it and says it back in their own words.", receipt=receipt)  # fmt: skip

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """The brief."""
        actions.write_as_partner(
            by=partner, at=at, aims=said["aims"], limits=said["limits"], incentives=said["incentives"]
        )


class SayBack(forms.Form):
    """In one's own words."""

    in_own_words = forms.LongText(
        "What matters to them, in your own words?", limit=2000, needed="Say in your own words what matters to them"
    )


class SaysBack:
    """The organisation's brief, said back by the partner."""

    fields = SayBack

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """The brief, and what the partner made of it."""
        brief = PartnerBrief.objects.filter(id=link.ref.id, partner__isnull=True).first()
        if brief is None:
            raise NotFound("no such brief")
        said = BriefUnderstood.objects.filter(brief=brief, partner=partner).first()
        receipt = Receipt(said.at, (("You said", said.in_own_words),)) if said else None
        return Shown(
            "What do you understand from this brief?", presenter.brief_lines(brief), "Send it back", receipt=receipt
        )

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """Said back."""
        brief = PartnerBrief.objects.get(id=link.ref.id)
        actions.understood_as_partner(by=partner, at=at, brief=brief, in_own_words=said["in_own_words"])


PURPOSES: dict[str, Purpose] = {
    "clause_comment": Comments(),
    "pledge_confirm": Confirms(),
    "estimate": Estimates(),
    "brief_write": WritesBrief(),
    "brief_back": SaysBack(),
}
for name, handler in PURPOSES.items():
    answers(name, handler)
