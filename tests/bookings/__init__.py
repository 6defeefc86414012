"""Tests of what is true: facts, rules, effects."""
