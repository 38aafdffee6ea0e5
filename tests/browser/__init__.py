"""The tests that need a browser: a package, so that they share one."""
