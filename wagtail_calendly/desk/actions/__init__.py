"""What staff may do: with a booking, and with an appointment that belongs to none."""

from wagtail_calendly.desk.actions.adopting import ADOPTING, AdoptingView, is_adoptable
from wagtail_calendly.desk.actions.attention import AcknowledgeView, TryAgainView
from wagtail_calendly.desk.actions.book_time import BookTimeView, FreeTimesView
from wagtail_calendly.desk.actions.booking import BookingAction
from wagtail_calendly.desk.actions.cancel import CancelView
from wagtail_calendly.desk.actions.cancel_event import CancelEventView
from wagtail_calendly.desk.actions.confirming import ConfirmedView
from wagtail_calendly.desk.actions.erase import EraseView
from wagtail_calendly.desk.actions.for_client import ClientLinkView, ForClientView
from wagtail_calendly.desk.actions.linking import LinkView
from wagtail_calendly.desk.actions.no_show import NoShowView, UndoNoShowView
from wagtail_calendly.desk.actions.note import NoteView
from wagtail_calendly.desk.actions.payment import AskToPayView, ExtendView, WaiveView
from wagtail_calendly.desk.actions.refund import RefundView, RetryRefundView
from wagtail_calendly.desk.actions.resend import ResendView

#: In the order in which they are offered.
ACTIONS: tuple[type[BookingAction], ...] = (
    BookTimeView,
    ClientLinkView,
    AskToPayView,
    ExtendView,
    WaiveView,
    RetryRefundView,
    TryAgainView,
    RefundView,
    ResendView,
    NoShowView,
    UndoNoShowView,
    NoteView,
    CancelView,
    CancelEventView,
    EraseView,
)

__all__ = [
    "ACTIONS",
    "ADOPTING",
    "AcknowledgeView",
    "AdoptingView",
    "BookingAction",
    "ConfirmedView",
    "ForClientView",
    "FreeTimesView",
    "LinkView",
    "is_adoptable",
]
