"""What is kept of a person, given to them, and forgotten: at their wish, or when its time has passed."""
