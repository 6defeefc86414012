"""Settings of hosts that differ from the test host in what migrations or checks could trip over."""
