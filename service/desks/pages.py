"""Pages of the desks: templates with what all of them show, in English."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.accounts import csrf
from service.accounts.accounts import Member, Role
from service.desks.desks import state_of
from service.desks.guard import FORM_COOKIE, token_for
from service.widget import TEMPLATES as PUBLIC

TEMPLATES = Path(__file__).parent / "templates"

PLACES = (
    ("/staff/queue", "Review queue", (Role.staff,)),
    ("/staff/inspect", "Answer inspector", (Role.staff,)),
    ("/staff/library", "Library", (Role.staff,)),
    ("/staff/releases", "Releases", (Role.staff,)),
    ("/staff/figures", "Figures", (Role.staff,)),
    ("/evaluate", "Judging", (Role.evaluator,)),
    ("/staff/accounts", "Accounts", (Role.admin,)),
    ("/staff/audit", "Audit log", (Role.admin,)),
)
"""What the head of every page leads to, and for whom."""


def desk_page(
    request: Request, member: Member | None, template: str, *, title: str, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page of the desks.

    Args:
        request: what it answers.
        member: who is logged in; None on the way in.
        template: its file; it extends `layout.html`.
        title: the page's heading.
        status: the HTTP status.
        context: what the template names.
    """
    desks = state_of(request)
    token = token_for(request)
    places = [(path, name) for path, name, roles in PLACES if member and member.may(*roles)]
    path = request.url.path
    here = max((at for at, _ in places if path == at or path.startswith(f"{at}/")), key=len, default="")
    page = _templates(request).get_template(template)
    html = page.render(
        **context,
        title=title,
        member=member,
        places=places,
        here=here,
        site_name=desks.settings.site_name,
        csrf_token=token,
        csrf_field=Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, token),
    )
    response = HTMLResponse(html, status)
    form_key = getattr(request.state, "form_key", "")
    if form_key:
        response.set_cookie(FORM_COOKIE, form_key, secure=True, httponly=True, samesite="lax")
    return response


def desk_piece(request: Request, template: str, **context: Any) -> HTMLResponse:
    """A piece of a page, for a script of the desks that puts it in its place."""
    return HTMLResponse(_templates(request).get_template(template).render(**context))


def open_templates(others: Iterable[Path] = ()) -> Environment:
    """The templates of the desks' pages.

    Args:
        others: folders of desks that other rooms bring.
    """
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, *others, PUBLIC]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=lambda at: at.strftime("%Y-%m-%d %H:%M UTC"))
    return environment


def _templates(request: Request) -> Environment:
    templates: Environment = request.app.state.templates
    return templates
