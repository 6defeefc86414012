"""Tests of the site owner's desk."""
