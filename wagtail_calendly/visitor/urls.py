"""The visitor's addresses."""

from django.urls import path

from wagtail_calendly.visitor import status, views

urlpatterns = [
    path("sessions/<int:pk>-<str:slug>/", views.session, name="session"),
    path("booked/", views.booked, name="booked"),
    path("poll/", views.poll, name="poll"),
    path("resume/", views.resume, name="resume"),
    path("bookings/<str:token>/", status.status, name="status"),
    path("bookings/<str:token>/session.ics", status.calendar, name="calendar"),
]
