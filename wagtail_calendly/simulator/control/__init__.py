"""The control of the simulator: switches over HTTP and on one page."""
