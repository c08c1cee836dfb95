"""People, the posts they hold for a time, and the roles that carry rights. Each row belongs to one organisation."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from goldthread.journal.ids import NewId
from goldthread.organisation.models.units import Organisation, Unit


class Person(models.Model):
    """Somebody who works here, with or without an account. `unit` is where they mostly work."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, db_default="")
    staff_group = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    fte = models.DecimalField(max_digits=4, decimal_places=3, db_default=1)
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="person_code_once_in_an_organisation"),
            models.CheckConstraint(condition=models.Q(fte__gt=0, fte__lte=2), name="person_fte_between_0_and_2"),
        ]


class Post(models.Model):
    """A job that exists whether or not somebody holds it."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.IntegerField(db_default=models.Func(function="goldthread_next_unit_key", arity=0), unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=120)
    is_leadership = models.BooleanField(default=False)


class PostSpell(models.Model):
    """Who held a post from when to when (exclusive end): substantive, acting or interim."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post_key = models.IntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("substantive", "acting", "interim")), name="post_spell_kind"
            ),
        ]


class RoleHeld(models.Model):
    """A role at a unit, held by a person for a period. The role, not the person, holds the right (organisation/roles.py)."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    role = models.CharField(max_length=40)
    period = DateRangeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "person"], name="role_held_person"),
            models.Index(fields=["organisation", "unit", "role"], name="role_held_unit"),
        ]
