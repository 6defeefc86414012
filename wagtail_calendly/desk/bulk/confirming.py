"""How staff act on several bookings: which are meant is shown first, each is decided upon by itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from wagtail_calendly.bookings.models import Attention, Booking
from wagtail_calendly.desk.bookings import listed
from wagtail_calendly.desk.permissions import MANAGE, booking_policy
from wagtail_calendly.exceptions import NotPossible

#: How long somebody waits at most, in seconds; what is not reached by then is said.
SECONDS = 20.0


class ChosenForm(forms.Form):
    """The numbers of the bookings that were shown: exactly these are meant when it is confirmed."""

    chosen = forms.CharField(widget=forms.HiddenInput)


class BookingBulkAction(PermissionCheckedMixin, BulkAction):
    """Something done to each booking that was ticked, or to all of the list, where it can still be done."""

    models = [Booking]
    permission_policy = booking_policy
    permission_required = MANAGE
    template_name = "wagtail_calendly/desk/bulk.html"
    form_class: type[ChosenForm] = ChosenForm
    #: What will happen, besides what its name says.
    sentences: ClassVar[tuple[str | Promise, ...]] = ()
    is_serious: ClassVar[bool] = False
    display_name: str | Promise
    #: So many at once, since somebody waits.
    most: ClassVar[int] = 500

    def act(self, booking: Booking, said: dict[str, Any]) -> None:
        """Do it to one. Raises `NotPossible`."""
        raise NotImplementedError

    @property
    def verb(self) -> str | Promise:
        """The button that does it."""
        return self.display_name

    def told(self, done: int) -> str:
        """What was done, in words."""
        raise NotImplementedError

    def hindered(self, bookings: list[Booking]) -> dict[int, list[str]]:
        """By number of the booking, why it will be left as it is, where that can be said beforehand."""
        return {}

    @cached_property
    def numbers(self) -> list[int]:
        """Which bookings: those ticked, or all that the list shows; once confirmed, those that were shown.

        One more than `most` means too many.
        """
        if self.request.method == "POST":
            ids = self.request.POST.get("chosen", "").split(",")
        elif "all" in (ids := self.request.GET.getlist("id")):
            return list(listed(self.request).values_list("pk", flat=True)[: self.most + 1])
        return [int(one) for one in ids if one.isdecimal()][: self.most + 1]

    @classmethod
    def get_queryset(cls, model: type[Booking], object_ids: Iterable[int]) -> QuerySet[Booking]:
        rows = Booking.objects.filter(pk__in=object_ids).select_related("terms__session_type")
        return rows.prefetch_related("appointments")

    def get_actionable_objects(self) -> tuple[list[Booking], dict[str, Any]]:
        return self.bookings, {"items_with_no_access": []}

    @cached_property
    def bookings(self) -> list[Booking]:
        found = list(self.get_queryset(Booking, self.numbers))
        if not found:
            raise Http404
        return found

    @cached_property
    def left(self) -> dict[int, list[str]]:
        return self.hindered(self.bookings)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (
            self._refuse()
            if len(self.numbers) > self.most
            else super().get(request, *args, **kwargs)
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (
            self._refuse()
            if len(self.numbers) > self.most
            else super().post(request, *args, **kwargs)
        )

    def get_initial(self) -> dict[str, Any]:
        meant = [str(booking.pk) for booking in self.bookings if booking.pk not in self.left]
        return {**super().get_initial(), "chosen": ",".join(meant)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        items = context["items"]
        return context | {
            "items": [one for one in items if one["item"].pk not in self.left],
            "left": [
                (one, self.left[one["item"].pk]) for one in items if one["item"].pk in self.left
            ],
        }

    def object_context(self, obj: Booking) -> dict[str, Any]:
        current = obj.current_appointment
        name = current.name if current else ""
        return {"item": obj, "name": name, "reasons": Attention.in_words(obj.attention)}

    def prepare_action(self, objects: list[Booking], objects_without_access: Any) -> HttpResponse:
        """Here, since what follows would be one transaction, in which no vendor may be called."""
        form = cast(forms.Form, self.cleaned_form)
        until = time.monotonic() + SECONDS
        done = reached = 0
        for booking in objects:
            if time.monotonic() > until:
                break
            reached += 1
            done += self._is_done(booking, form.cleaned_data)
        self._tell(done, reached - done, len(objects) - reached)
        return redirect(self.next_url)

    def _tell(self, done: int, left: int, unreached: int) -> None:
        if done:
            messages.success(self.request, self.told(done))
        if left:
            text = ngettext(
                "%(left)d booking was left as it is: there it was not possible, or not needed.",
                "%(left)d bookings were left as they are: there it was not possible, or not needed.",
                left,
            )
            messages.warning(self.request, text % {"left": left})
        if unreached:
            text = ngettext(
                "%(count)d booking was not reached in time, and nothing was done to it. Select it again.",
                "%(count)d bookings were not reached in time, and nothing was done to them. Select them again.",
                unreached,
            )
            messages.warning(self.request, text % {"count": unreached})

    def _refuse(self) -> HttpResponse:
        text = _(
            "Nothing was done: up to %(most)s bookings can be dealt with at once, and more are selected. "
            "Filter the list, for instance by date, and select again."
        )
        messages.error(self.request, text % {"most": number_format(self.most)})
        return redirect(self.next_url)

    def _is_done(self, booking: Booking, said: dict[str, Any]) -> bool:
        try:
            self.act(booking, said)
        except NotPossible:
            return False
        return True
