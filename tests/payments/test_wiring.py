"""The provider as the site gets it: from the settings, once, or not at all with a reason; and what may be offered."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.snippets.test_offer import offered
from wagtail_calendly import accounts, conf
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.payments import StripeCheckout
from wagtail_calendly.snippets.offer import is_bookable

KEY = "sk_test_canary"


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    accounts.close()


def configure(settings: Any, **payments: Any) -> None:
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {"default": {"TOKEN": "t"}},
        "PAYMENTS": {"SECRET_KEY": KEY, **payments},
    }


class Elsewhere(StripeCheckout):
    """Another provider, named by its path."""

    name = "elsewhere"


def test_there_is_one_until_the_settings_change(settings: Any) -> None:
    configure(settings)
    first = accounts.payments()
    assert accounts.payments() is first
    assert (first.name, first.mode) == ("stripe", "test")
    configure(settings, SECRET_KEY="rk_live_1")
    assert accounts.payments().mode == "live"
    accounts.close()
    assert accounts.payments() is not first


def test_threads_share_it(settings: Any) -> None:
    configure(settings)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(accounts.payments())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1


def test_another_provider_is_named_by_its_path(settings: Any) -> None:
    configure(settings, PROVIDER=f"{__name__}.Elsewhere")
    assert accounts.payments().name == "elsewhere"


@pytest.mark.parametrize(
    ("payments", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "pk_live_canary"}, "not a secret key"),
        ({"PROVIDER": "nowhere.Provider"}, "nowhere"),
    ],
)
def test_what_cannot_be_built_says_why(settings: Any, payments: Any, reason: str) -> None:
    configure(settings, **payments)
    with pytest.raises(NotConfigured, match=reason) as caught:
        accounts.payments()
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_priced_session_is_offered_when_payments_are_ready(settings: Any) -> None:
    priced = offered(price=5000, currency="EUR")
    configure(settings, SECRET_KEY="")
    assert not conf.load().payments.is_ready
    assert not is_bookable(priced)
    configure(settings)
    assert conf.load().payments.is_ready
    assert is_bookable(priced)


WITHOUT_SDK = """
import sys
sys.modules["stripe"] = None  # as Python does for a module that is not there
from wagtail_calendly.payments import PaymentSdkMissing, StripeCheckout
try:
    StripeCheckout("sk_test_canary")
except PaymentSdkMissing as error:
    print(error)
"""


def test_without_the_extra_it_says_what_to_install() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_SDK], capture_output=True, text=True, check=True
    )
    assert "pip install wagtail-calendly[stripe]" in ran.stdout
    assert "canary" not in ran.stdout
