"""A tour of every screen: the data that fills them, the list of them, and the pictures in `docs/pictures`."""
