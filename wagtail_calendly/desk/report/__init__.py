"""The report: how many opened, booked and paid, what came in and went back; by day, session type, page, campaign."""

from wagtail_calendly.desk.report.summary import summary_item
from wagtail_calendly.desk.report.view import ReportViewSet

__all__ = ["ReportViewSet", "summary_item"]
