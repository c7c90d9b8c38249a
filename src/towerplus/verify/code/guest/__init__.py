"""What runs inside the sandbox. Sent there as code: modules that import the standard library and each other only."""
