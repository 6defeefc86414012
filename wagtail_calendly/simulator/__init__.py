"""Stand-ins for the services we talk to: real HTTP, own process, nothing else of the package."""
