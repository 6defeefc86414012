"""What people ask for, visitors and staff: written down, decided upon, then done."""
