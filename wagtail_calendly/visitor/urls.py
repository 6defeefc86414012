"""The visitor's addresses."""

from django.urls import path

from wagtail_calendly.visitor import canceling, checkout, opened, status, views

urlpatterns = [
    path("sessions/<int:pk>-<str:slug>/", views.session, name="session"),
    path("opened/", opened.opened, name="opened"),
    path("booked/", views.booked, name="booked"),
    path("poll/", views.poll, name="poll"),
    path("resume/", views.resume, name="resume"),
    path("bookings/<str:token>/", status.status, name="status"),
    path("orders/", checkout.order, name="order"),
    path("bookings/<str:token>/pay/", checkout.pay, name="pay"),
    path("bookings/<str:token>/checkout/", checkout.checkout, name="checkout"),
    path("bookings/<str:token>/paid/", checkout.paid, name="paid"),
    path("bookings/<str:token>/cancel/", canceling.cancel, name="cancel"),
    path("bookings/<str:token>/session.ics", status.calendar, name="calendar"),
]
