"""goldthread account: let a person sign in, until single sign-on arrives."""

import sys

import click


@click.command()
@click.option("--organisation", required=True, metavar="CODE")
@click.option("--person", required=True, metavar="CODE", help="The person's code in that organisation.")
@click.option("--email", required=True)
@click.password_option()
def account(organisation: str, person: str, email: str, password: str) -> None:
    """Make an account for a person, or give it a new password."""
    from goldthread.cli.start import start

    start()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from goldthread.journal import scope
    from goldthread.organisation.models import Account, Membership, Organisation, Person

    try:
        validate_password(password)
    except ValidationError as error:
        sys.exit(f"The password cannot be used: {' '.join(error.messages)}")
    found = Organisation.objects.filter(code=organisation).first()
    if found is None:
        print(f"--organisation: there is no organisation {organisation!r}", file=sys.stderr)
        sys.exit(2)
    with scope.acting_for(found.id):
        somebody = Person.objects.filter(organisation=found, code=person).first()
        if somebody is None:
            print(f"--person: {found.name} has nobody with the code {person!r}", file=sys.stderr)
            sys.exit(2)
        made, _ = Account.objects.get_or_create(email=email.lower(), defaults={"password": "!"})
        made.set_password(password)
        made.save()
        Membership.objects.get_or_create(account=made, organisation=found, defaults={"person_id": somebody.id})
    print(f"{email} can sign in as {somebody.name} of {found.name}")
