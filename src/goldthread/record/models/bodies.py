"""Bodies in which people decide or advise together, and partners who have no account here."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned

BODY_KINDS = ("board", "forum", "response_team", "partnership")
RIGHTS = ("advises", "consents", "decides")
PLACES = ("chair", "lead", "deputy", "member")


class Partner(Owned):
    """A practice, council or charity that takes part through signed links bound to a seat, without an account."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    contact_name = models.CharField(max_length=200, db_default="")
    email = models.EmailField(db_default="")
    since = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="partner_once_in_an_organisation"),
        ]


class Body(Owned):
    """A board, a standing forum, a response team or a partnership: terms of reference, members by profession or organisation,
    and whether it advises, must consent or decides. `slug` is how a scheme names it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    rights = models.CharField(max_length=10)
    purpose = models.TextField()
    quorum = models.IntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="body_slug_once_in_an_organisation"),
            models.CheckConstraint(condition=Q(kind__in=BODY_KINDS), name="body_kind"),
            models.CheckConstraint(condition=Q(rights__in=RIGHTS), name="body_rights"),
            models.CheckConstraint(condition=Q(quorum__isnull=True) | Q(quorum__gt=0), name="body_quorum"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
                name="body_ends_after_it_starts",
            ),
        ]


class BodySeat(Owned):
    """A place in a body, held for a period (exclusive end) by a person of this organisation or by a partner."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=8, db_default="member")
    profession = models.CharField(max_length=60, db_default="")
    represents = models.CharField(max_length=200, db_default="")
    period = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "person"], name="body_seat_person")]
        constraints = [
            models.CheckConstraint(condition=Q(place__in=PLACES), name="body_seat_place"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, partner__isnull=True) | Q(person__isnull=True, partner__isnull=False),
                name="body_seat_is_a_person_or_a_partner",
            ),
        ]
