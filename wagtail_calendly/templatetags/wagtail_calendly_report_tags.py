"""How templates of the report write rates and money."""

from __future__ import annotations

from django import template

from wagtail_calendly.desk.report.columns import percent
from wagtail_calendly.snippets.price_words import amount

register = template.Library()
register.filter("percent", percent)
register.filter("money", amount)
