"""`python -m bridge` is `threadline`."""

from bridge.cli import main

main()
