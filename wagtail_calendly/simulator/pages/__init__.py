"""Pages that people open: booking, rescheduling, canceling, and the control page."""
