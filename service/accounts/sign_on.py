"""Sign-on: which account somebody has whom the organisation's provider vouches for.

Only an account that an admin made for it. The first time it is found by the verified e-mail address, and
bound to what the provider calls the person for good; from then on that alone counts: addresses change hands.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from service.accounts.accounts import Member, Role
from service.accounts.oidc import Identity
from service.storage.audit import record
from service.storage.tables.accounts import accounts


def enter(connection: Connection, identity: Identity, now: datetime) -> Member | None:
    """Who comes in; None where no account is for them."""
    subject = f"{identity.issuer}|{identity.subject}"
    by_sign_on = select(accounts).where(accounts.c.single_sign_on & ~accounts.c.disabled).with_for_update()
    found = connection.execute(by_sign_on.where(accounts.c.subject == subject)).one_or_none()
    if found is None and identity.email:
        unbound = (accounts.c.name == identity.email) & accounts.c.subject.is_(None)
        found = connection.execute(by_sign_on.where(unbound)).one_or_none()
        # A person has one account: a disabled one is no reason to take the next.
        if found and connection.execute(select(accounts.c.id).where(accounts.c.subject == subject)).first():
            return None
    if found is None:
        return None
    if found.subject is None:
        record(connection, found.name, "account.bind", found.name, at=now, issuer=identity.issuer)
    entered = {"subject": subject, "last_login": now}
    connection.execute(update(accounts).where(accounts.c.id == found.id).values(entered))
    record(connection, found.name, "account.login", found.name, at=now, single_sign_on=True)
    return Member(found.id, found.name, Role(found.role))
