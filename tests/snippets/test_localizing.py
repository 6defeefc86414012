"""Translating with wagtail-localize, in a host that has it: the story is in `tests/hosts/translating.py`."""

from tests.hosts.running import run


def test_translators_get_the_words_and_the_offer_stays_one() -> None:
    run("localize", "translating")
