"""Rendering: a view becomes HTML, in one language, with everything in it escaped."""

from dataclasses import fields
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from service.answers import DISCLAIMER
from service.fragment import Fragment, Refusal
from service.languages import LIBRARY_LANGUAGE, Language
from service.summary import UNKNOWN
from service.views import Page
from service.visit import FIELD, Visit
from service.widget import TEMPLATES, WidgetPage
from service.wording import MARK_LABELS, MARK_MEANINGS


def render(view: Page | Fragment | Refusal | WidgetPage, visit: Visit) -> str:
    """The HTML of a view, in the language of the visit."""
    names: dict[str, Any] = {item.name: getattr(view, item.name) for item in fields(view)}
    template = environment_in(visit.language).get_template(view.template)
    return template.render(names, view=view, visit=visit)


@cache
def environment_in(language: Language) -> Environment:
    """The templates in one language.

    Each language has an environment of its own, so that macros which are imported without a context, and
    whatever else jinja keeps between two pages, speak no other.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Line breaks and indents of a template are none of a translator's business.
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension's own method
        language.catalogue.gettext, language.catalogue.ngettext, newstyle=True
    )
    environment.filters.update(keep=_keep, day=language.day)
    environment.globals.update(
        language=language,
        library_language=LIBRARY_LANGUAGE,
        language_field=FIELD,
        disclaimer=language.gettext(DISCLAIMER),
        unknown=language.gettext(UNKNOWN),
        mark_labels=MARK_LABELS,
        mark_meanings=MARK_MEANINGS,
    )
    return environment


@pass_context
def _keep(context: Context, href: str) -> str:
    """An address of ours, as links and forms of this page should have it: `{{ "/about" | keep }}`."""
    visit: Visit = context["visit"]
    return visit.keep(href)
