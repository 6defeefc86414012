"""What is kept of one person, for those who may export and erase it. Mail addresses are posted: no address bar, log or
history shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.privacy import elsewhere, erasing, exporting, hindrances, kept
from wagtail_calendly.bookings.privacy.erasing import Erased
from wagtail_calendly.bookings.privacy.kept import Kept
from wagtail_calendly.desk.actions import ConfirmedView
from wagtail_calendly.desk.actions.forms import NoForm
from wagtail_calendly.desk.permissions import ERASE, VIEW, booking_policy, may

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

NAME = "personal_data"


class AddressForm(NoForm):
    """Whom it is about."""

    #: Whatever Calendly took for an address is found: accents too, which browsers and Django refuse in one.
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The one the person booked or paid with."),
        max_length=320,
        widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false"}),
    )


class _Screen(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """What the pages below share."""

    permission_policy = booking_policy
    permission_required = ERASE
    page_title = gettext_lazy("Personal data")
    header_icon = "user"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


@method_decorator(sensitive_post_parameters("email"), name="dispatch")
class PersonalDataView(_Screen, FormView):
    """Asks for an address, and shows what is kept under it."""

    form_class = AddressForm
    template_name = "wagtail_calendly/desk/personal_data.html"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        found = kept.of_address(form.cleaned_data["email"])
        unlinked = Appointment.objects.filter(pk__in=found.appointments, booking=None)
        context = self.get_context_data(
            form=form,
            is_asked=True,
            found=found,
            bookings=_bookings(found),
            unlinked=unlinked.select_related("event_type"),
            steps=[one.label for one in hindrances.of(found, timezone.now())],
            may_view=may(self.request.user, VIEW),
        )
        return self.render_to_response(context)


@method_decorator([never_cache, sensitive_post_parameters("email")], name="dispatch")
class ExportView(_Screen, FormView):
    """All of it as a file. The file's name says nothing."""

    form_class = AddressForm
    http_method_names = ["post"]

    def form_valid(self, form: forms.Form) -> HttpResponse:
        user = cast("AbstractBaseUser", self.request.user)
        said = exporting.person(form.cleaned_data["email"], user=user)
        response = HttpResponse(exporting.as_json(said), content_type="application/json")
        name = f"personal-data-{timezone.localdate():%Y-%m-%d}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return redirect(f"{NAME}:index")


@method_decorator([never_cache, sensitive_post_parameters("email")], name="dispatch")
class ErasePersonView(ConfirmedView):
    """Erase a person everywhere. What will happen is shown first."""

    name = "erase"
    label = gettext_lazy("Erase")
    icon = "bin"
    form_class = AddressForm
    permission_required = ERASE
    is_serious = True
    refusal = gettext_lazy("Something about this person is still needed. Look again to see what.")

    done: Erased | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(f"{NAME}:index")

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return redirect(f"{NAME}:index")

    def ask_again(self) -> HttpResponse:
        """What is kept is looked at first."""
        return redirect(f"{NAME}:index")

    def sentences(self, said: dict[str, Any]) -> list[str]:
        found = self._found(said)
        return [
            *_counted(found),
            _("Names, addresses, answers, phone numbers, links and notes are erased for good."),
            _("Dates, amounts and statuses stay, without saying whose they are."),
            _("The person’s page of the booking can no longer be opened."),
            _("What Calendly or Stripe tell of these bookings later is kept without the person."),
            _("Calendly is asked to delete the person as well, where its plan allows that."),
        ]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Erase for good")

    def shown(self, said: dict[str, Any]) -> str:
        found = self._found(said)
        return f"{len(found.bookings)}-{len(found.appointments)}-{len(found.payments)}"

    def act(self, said: dict[str, Any]) -> str:
        self.done = erasing.person(said["email"], user=self.user)
        return _("The person is erased.")

    def about(self) -> str:
        return _("Personal data")

    def back_url(self) -> str:
        if self.done is None:
            return reverse(f"{NAME}:index")
        flags = {"asked": int(self.done.calendly_asked), "paid": int(self.done.paid)}
        return f"{reverse(f'{NAME}:done')}?{urlencode(flags)}"

    @staticmethod
    def _found(said: dict[str, Any]) -> Kept:
        return kept.of_address(str(said.get("email", "")))


class DoneView(_Screen, TemplateView):
    """What is left to be done elsewhere."""

    template_name = "wagtail_calendly/desk/personal_data_done.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, paid = (self.request.GET.get(name) == "1" for name in ("asked", "paid"))
        steps = list(elsewhere.steps(Erased(0, calendly_asked=asked, paid=paid)))
        return super().get_context_data(**kwargs, steps=steps, again_url=reverse(f"{NAME}:index"))


def _bookings(found: Kept) -> list[Booking]:
    rows = found.all_bookings.select_related("terms__session_type")
    return list(rows.prefetch_related("payments").order_by("-starts_at", "-pk"))


def _counted(found: Kept) -> list[str]:
    """What it is about, in numbers."""
    unlinked = Appointment.objects.filter(pk__in=found.appointments, booking=None).count()
    counts = [
        ngettext(
            "%(count)d booking no longer says whose it is.",
            "%(count)d bookings no longer say whose they are.",
            len(found.bookings),
        )
        % {"count": len(found.bookings)},
        ngettext(
            "%(count)d appointment without a booking no longer says whose it is.",
            "%(count)d appointments without a booking no longer say whose they are.",
            unlinked,
        )
        % {"count": unlinked},
        ngettext(
            "%(count)d payment for somebody else’s booking no longer holds the address.",
            "%(count)d payments for somebody else’s bookings no longer hold the address.",
            len(found.payments),
        )
        % {"count": len(found.payments)},
    ]
    numbers = (len(found.bookings), unlinked, len(found.payments))
    return [text for text, number in zip(counts, numbers, strict=True) if number]


class PersonalDataMenuItem(MenuItem):
    """For those who may erase."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, ERASE)


class PersonalDataViewSet(ViewSet):
    """Personal data in the admin."""

    name = NAME
    url_prefix = "calendly/personal-data"
    icon = "user"
    menu_label = gettext_lazy("Personal data")
    menu_item_class = PersonalDataMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.construct_view(PersonalDataView), name="index"),
            path("export/", self.construct_view(ExportView), name="export"),
            path("erase/", self.construct_view(ErasePersonView), name="erase"),
            path("done/", self.construct_view(DoneView), name="done"),
        ]
