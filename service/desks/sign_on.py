"""Single sign-on: over to the organisation's provider, and back with its word for who somebody is."""

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadData, URLSafeSerializer

from service.accounts import sign_on
from service.accounts.oidc import LOOPBACK, STALE, Departure, Provider, SignOnError, arrive, depart
from service.desks.desks import Desks, state_of
from service.desks.guard import check_hurry
from service.desks.login import let_in, login_form
from service.logs import note

COOKIE = "__Host-plaincite-sign-on"
"""What has to fit when somebody comes back. SameSite is Lax: they come from another site, by a link."""

LONGEST = 600
"""Seconds that somebody may spend at the provider."""

UNKNOWN = (
    "{name} says who you are, but there is no account here for you. An admin can add one for the e-mail "
    "address that {name} knows and has verified."
)

router = APIRouter(dependencies=[Depends(check_hurry)])


@router.get("/login/sign-on")
def leave(request: Request, after: str = "") -> Response:
    """Sends somebody to the provider."""
    desks = state_of(request)
    provider = _provider(desks)
    try:
        url, departure = depart(provider, _return_address(request))
    except SignOnError as error:
        return _refused(request, str(error), error.status, after)
    response = RedirectResponse(url, 303)
    kept = {"at": int(desks.now().timestamp()), "after": after[:1000], "departure": departure}
    response.set_cookie(
        COOKIE, _signer(desks).dumps(kept), max_age=LONGEST, secure=True, httponly=True, samesite="lax"
    )
    return response


@router.get("/login/sign-on/return")
def come_back(request: Request) -> Response:
    """Lets in whom the provider vouches for, where there is an account for them."""
    desks = state_of(request)
    provider = _provider(desks)
    departure, after = _kept(request)
    try:
        if departure is None:
            raise SignOnError(STALE)
        identity = arrive(provider, _return_address(request), departure, request.query_params, desks.now())
    except SignOnError as error:
        return _refused(request, str(error), error.status, after)
    with desks.database.begin() as connection:
        member = sign_on.enter(connection, identity, desks.now())
    if member is None:
        return _refused(request, UNKNOWN.format(name=provider.name), 403, after)
    return _forget(let_in(request, member, after))


def _provider(desks: Desks) -> Provider:
    settings = desks.settings
    if not settings.oidc_issuer:
        raise HTTPException(404)
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)


def _return_address(request: Request) -> str:
    """Where the provider sends people back to.

    A login works over https alone, or on this machine: browsers give the cookie to nobody else. So a proxy
    that ends TLS need not tell that it did.
    """
    is_here = request.url.hostname in LOOPBACK and request.url.scheme == "http"
    return f"{'http' if is_here else 'https'}://{request.url.netloc}/login/sign-on/return"


def _kept(request: Request) -> tuple[Departure | None, str]:
    desks = state_of(request)
    try:
        kept = _signer(desks).loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return None, ""
    is_fresh = 0 <= desks.now().timestamp() - kept["at"] <= LONGEST
    return Departure(*kept["departure"]) if is_fresh else None, kept["after"]


def _refused(request: Request, problem: str, status: int, after: str) -> Response:
    note(refused="sign-on")
    return _forget(login_form(request, after=after, problem=problem, status=status))


def _forget(response: Response) -> Response:
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return response


def _signer(desks: Desks) -> URLSafeSerializer:
    return URLSafeSerializer(desks.secret, salt="plaincite.sign-on")
