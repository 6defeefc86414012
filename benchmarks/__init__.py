"""What the package costs, beside what the same would cost without it: `python -m benchmarks --help`."""
