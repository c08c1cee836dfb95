"""Sign-in. An account belongs to no organisation; a membership says as whom it may act in one."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from goldthread.journal.ids import NewId
from goldthread.organisation.models.units import Organisation


class Account(AbstractBaseUser):
    """Somebody who can sign in."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: BaseUserManager["Account"] = BaseUserManager()


class Membership(models.Model):
    """As which person an account acts in which organisation."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "organisation"], name="one_person_per_account_and_organisation")
        ]
