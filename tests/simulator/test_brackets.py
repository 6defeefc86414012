"""Bracketed form keys as nested values."""

from __future__ import annotations

import pytest

from wagtail_calendly.simulator import brackets


@pytest.mark.parametrize(
    ("form", "nested"),
    [
        ("a=1&b=", {"a": "1", "b": ""}),
        ("a[b][c]=1&a[d]=2", {"a": {"b": {"c": "1"}, "d": "2"}}),
        ("a[]=x&a[]=y", {"a": ["x", "y"]}),
        ("a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        ("a[0][b]=1&a[1][b]=2", {"a": [{"b": "1"}, {"b": "2"}]}),
        ("a%5Bb%5D=%C3%BC%26", {"a": {"b": "ü&"}}),
    ],
)
def test_nests(form, nested):
    assert brackets.decode(form) == nested


@pytest.mark.parametrize("form", ["a=1&a[b]=2", "a[b]=2&a=1", "[a]=1", "a[b=1", "a[b]c=1"])
def test_refuses_what_has_no_one_meaning(form):
    with pytest.raises(ValueError, match=r"read|two ways"):
        brackets.decode(form)
