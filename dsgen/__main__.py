"""`python -m dsgen`, the same as `dsgen`."""

from dsgen.cli import main

if __name__ == "__main__":
    main(prog_name="dsgen")
