"""Programs held against unit tests, in a sandbox: `check` is the check, `modes` says what isolates here, `sandbox` runs
one program, `pool` keeps some started, `guest/` is what runs inside."""
