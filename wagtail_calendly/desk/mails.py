"""The mails as visitors get them, with an invented booking, for those who word them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.coreutils import get_content_languages
from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy

from wagtail_calendly.bookings.mails import Mail, samples
from wagtail_calendly.bookings.mails.envelope import message
from wagtail_calendly.bookings.mails.rendering import render
from wagtail_calendly.bookings.mails.sender import sender_of
from wagtail_calendly.snippets.settings import BookingSettings

logger = logging.getLogger(__name__)

NAME = "booking_mails"


def _sites(request: HttpRequest) -> Any:
    """The sites whose booking settings, and with them the wording, this user may change."""
    policy = SitePermissionPolicy(BookingSettings)
    return policy.sites_user_has_permission_for(request.user, "change")


class ChoiceForm(forms.Form):
    """Which mail, in which language, of which site."""

    mail = forms.ChoiceField(label=gettext_lazy("Mail"), choices=Mail.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), empty_label=None
    )

    def __init__(self, request: HttpRequest, given: Any) -> None:
        sites = _sites(request)
        own = Site.find_for_request(request)
        first = own if own in sites else sites.first()
        if first is None:
            raise PermissionDenied
        default = {"mail": Mail.PAID, "language": translation.get_language(), "site": first.pk}
        languages = get_content_languages()
        if default["language"] not in languages:
            default["language"] = next(iter(languages))
        super().__init__(default | {name: given[name] for name in default if name in given})
        self.fields["language"].choices = languages.items()  # type: ignore[attr-defined]
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if len(sites) == 1:
            self.fields["site"].widget = forms.HiddenInput()


@dataclass(frozen=True)
class Choice:
    """What was chosen."""

    mail: Mail
    language: str
    site: Site

    def message(self, to: str) -> EmailMultiAlternatives:
        sender = sender_of(self.site)
        with translation.override(self.language):
            told = samples.sample(self.mail, sender)
            written = render(self.mail, told, sender)
        return message(written, sender, to=to, key=f"test/{uuid4()}", told=told)


def _choice(form: ChoiceForm) -> Choice:
    """Raises `PermissionDenied` for what the form does not offer."""
    if not form.is_valid():
        raise PermissionDenied
    chosen = form.cleaned_data
    return Choice(Mail(chosen["mail"]), chosen["language"], chosen["site"])


class MailsView(WagtailAdminTemplateMixin, TemplateView):
    """One mail, its headers, how it looks and how it reads as text."""

    page_title = gettext_lazy("Mails")
    header_icon = "mail"
    template_name = "wagtail_calendly/desk/mails.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ChoiceForm(self.request, self.request.GET)
        choice = _choice(form)
        settings_url = reverse(
            "wagtailsettings:edit", args=["wagtail_calendly", "bookingsettings", choice.site.pk]
        )
        return super().get_context_data(
            **kwargs,
            form=form,
            message=choice.message(to=""),
            html_url=f"{reverse(f'{NAME}:html')}?{self._query(form)}",
            test_url=f"{reverse(f'{NAME}:test')}?{self._query(form)}",
            settings_url=settings_url,
        )

    @staticmethod
    def _query(form: ChoiceForm) -> str:
        return urlencode(form.data)


@require_safe
@xframe_options_sameorigin
def html(request: HttpRequest) -> HttpResponse:
    """The HTML part alone, for the frame of the page above."""
    mail = _choice(ChoiceForm(request, request.GET)).message(to="")
    response = HttpResponse(mail.alternatives[0][0])
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; sandbox"
    )
    return response


@require_POST
def send_test(request: HttpRequest) -> HttpResponse:
    """Send the mail to the person who asks, to nobody else."""
    address = _address_of(request.user)
    mail = _choice(ChoiceForm(request, request.GET)).message(to=address)
    if not address:
        messages.error(request, _("Your account has no e-mail address. Add one, then try again."))
    elif _sent(mail):
        messages.success(request, _("Sent to %(address)s.") % {"address": address})
    else:
        messages.error(
            request,
            _("The mail server did not take it. Whoever runs this site can see why in its log."),
        )
    return redirect(f"{reverse(f'{NAME}:index')}?{request.GET.urlencode()}")


def _address_of(user: Any) -> str:
    return str(getattr(user, user.get_email_field_name(), "") or "")


def _sent(mail: EmailMultiAlternatives) -> bool:
    try:
        mail.send()
    except OSError as error:  # what smtplib and sockets raise
        # Its text may hold the address.
        logger.warning("A test mail could not be sent: %s", type(error).__name__)
        return False
    return True


class MailsMenuItem(MenuItem):
    """For those who may change the wording."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(_sites(request).exists())


class MailsViewSet(ViewSet):
    """Mails in the admin."""

    name = NAME
    url_prefix = "calendly/mails"
    icon = "mail"
    menu_label = gettext_lazy("Mails")
    menu_item_class = MailsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.construct_view(MailsView), name="index"),
            path("html/", html, name="html"),
            path("test/", send_test, name="test"),
        ]
