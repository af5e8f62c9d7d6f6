"""Where the program begins: `throughline`, and `python -m bot`."""

import gc


def main() -> None:
    """Run a command."""
    # What a start loads stays to the end, and to look for garbage in it takes a sixth of the start.
    gc.disable()
    from bot import cli  # noqa: PLC0415 - after that

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
