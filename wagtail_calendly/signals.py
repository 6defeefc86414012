"""Signals for the host site. All are sent after commit with `send_robust`: a receiver that raises disturbs nothing."""

from django.dispatch import Signal

#: A booking's status, payment status or attention changed.
#: Arguments: `booking`, `old_status`, `new_status`, `because` (a short code of the fact that caused it).
booking_changed = Signal()

#: A booking was confirmed. Arguments: `booking`.
booking_confirmed = Signal()

#: A booking was paid. Arguments: `booking`.
booking_paid = Signal()

#: Money was given back, or is on its way. Arguments: `booking`, `amount` (of this refund, in minor units).
booking_refunded = Signal()

#: A booking was not paid in time, and its slot was given back. Arguments: `booking`.
booking_expired = Signal()

#: A booking's session moved to another time. Arguments: `booking`, `old_start`, `new_start` (aware UTC).
booking_rescheduled = Signal()

#: A booking was canceled. Arguments: `booking`, `canceled_by` ("invitee", "host" or "").
booking_canceled = Signal()

#: A session took place. Arguments: `booking`.
booking_completed = Signal()

#: An invitee did not come. Arguments: `booking`.
booking_no_show = Signal()

#: Event types were synced. Arguments: `account`, `report` (a `wagtail_calendly.snippets.sync.SyncReport`).
event_types_synced = Signal()

#: Session types are shown to visitors otherwise than before, or no more: an editor or Calendly changed them.
#: Arguments: `session_type_ids`, and `page_ids` of pages that showed what was deleted.
offer_changed = Signal()

#: Effects wait to be performed. For the package's own tasks. Arguments: `effect_ids`, `due_at` (aware UTC).
effects_due = Signal()
