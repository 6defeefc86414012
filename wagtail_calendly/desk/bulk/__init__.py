"""What staff do with several bookings at once: the same as with one, by the same rules."""

from wagtail_calendly.desk.bulk.acknowledge import AcknowledgeBulkAction
from wagtail_calendly.desk.bulk.erase import EraseBulkAction
from wagtail_calendly.desk.bulk.resend import ResendBulkAction

BULK_ACTIONS = (AcknowledgeBulkAction, ResendBulkAction, EraseBulkAction)
