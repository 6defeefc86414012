"""Several session types at once: published as they are drafted, or taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.actions.unpublish import UnpublishAction
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from wagtail_calendly.snippets.models import SessionType


class _Publishing(SnippetBulkAction):
    """What both share: the permission, and naming what cannot be done."""

    models = [SessionType]
    template_name = "wagtail_calendly/admin/bulk_publish.html"
    policy = ModelPermissionPolicy(SessionType)
    question: ClassVar[str | Promise]
    verb: ClassVar[str | Promise]

    def check_perm(self, session_type: SessionType) -> bool:
        return bool(self.policy.user_has_permission(self.request.user, "publish"))

    def problem(self, session_type: SessionType) -> str:
        """Why it is left as it is; empty where it is not."""
        lock = session_type.get_lock()
        is_locked = bool(lock and lock.for_user(self.request.user))
        return _("It is locked.") if is_locked else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        chosen = [item["item"] for item in context["items"]]
        problems = [(each, self.problem(each)) for each in chosen]
        return context | {
            "ready": [each for each, problem in problems if not problem],
            "left": [(each, problem) for each, problem in problems if problem],
            "question": self.question,
            "verb": self.verb,
            "action_name": self.display_name,
        }

    def act(self, session_type: SessionType) -> None:
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects: Sequence[SessionType], **kwargs: Any) -> tuple[int, int]:
        action = kwargs["self"]
        ready = [each for each in objects if not action.problem(each)]
        for each in ready:
            action.act(each)
        return len(ready), 0


class PublishSessionTypes(_Publishing):
    """Publishes the newest draft of each, if it is complete."""

    display_name = gettext_lazy("Publish")
    aria_label = gettext_lazy("Publish the selected session types")
    action_type = "publish"
    action_priority = 10
    question = gettext_lazy("Visitors are offered these from now on, as they are drafted:")
    verb = gettext_lazy("Yes, publish")

    def problem(self, session_type: SessionType) -> str:
        draft = session_type.get_latest_revision_as_object()
        try:
            draft.full_clean(exclude=["sort_order"])
        except ValidationError as error:
            return " ".join(_by_field(error))
        return super().problem(session_type)

    def act(self, session_type: SessionType) -> None:
        user = self.request.user
        revision = session_type.latest_revision or session_type.save_revision(user=user)
        revision.publish(user=user)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d session type published.",
            "%(count)d session types published.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


def _by_field(error: ValidationError) -> Iterator[str]:
    """What is wrong, each with the field that is meant: “This field cannot be blank.” names none."""
    for name, messages in error.message_dict.items():
        if name == NON_FIELD_ERRORS:
            yield from messages
        else:
            label = capfirst(SessionType._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            yield f"{label}: {' '.join(messages)}"


class UnpublishSessionTypes(_Publishing):
    """Takes each back from visitors; bookings stay."""

    display_name = gettext_lazy("Unpublish")
    aria_label = gettext_lazy("Unpublish the selected session types")
    action_type = "unpublish"
    action_priority = 20
    question = gettext_lazy("Visitors cannot book these any more. Bookings made already stay:")
    verb = gettext_lazy("Yes, unpublish")

    def problem(self, session_type: SessionType) -> str:
        return super().problem(session_type) if session_type.live else _("It is not published.")

    def act(self, session_type: SessionType) -> None:
        action = UnpublishAction(session_type, user=self.request.user)
        action.execute(
            skip_permission_checks=True
        )  # asked for above; Wagtail 7 knows only those of pages

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d session type unpublished.",
            "%(count)d session types unpublished.",
            num_parent_objects,
        ) % {"count": num_parent_objects}
