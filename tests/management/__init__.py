"""Tests of management commands that belong to no room."""
