"""Settings of hosts that differ from the test host in what migrations could trip over."""
