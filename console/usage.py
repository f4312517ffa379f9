"""`--help` and wrong usage of a command line in Spanish: argparse's own words are English."""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

SAID = (
    (r"^argument ([^:]+): ", r"\1: "),
    (r"invalid choice: (.+?) \(choose from (.+)\)", r"no hay \1; elija entre \2"),
    (r"the following arguments are required: (.+)", r"falta \1"),
    (r"one of the arguments (.+) is required", r"falta uno de \1"),
    (r"unrecognized arguments: (.+)", r"no se conoce \1"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 puede ser \2; escríbalo entero"),
    (r"not allowed with argument (.+)", r"no va junto con \1"),
    (r"expected at least one argument", "lleva uno o más valores"),
    (r"expected one argument", "lleva un valor"),
    (r"expected (\d+) arguments?", r"lleva \1 valores"),
    (r"invalid \w+ value: (.+)", r"no sirve \1"),
    (r"ignored explicit argument (.+)", r"no lleva valor, y recibió \1"),
)
"""What argparse says of wrong usage, and how it is said here."""


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """The line of the usage, with its word."""
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Spanish, as do the parsers of its commands."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"formatter_class": _Formatter, **settings, "add_help": False})
        self._positionals.title, self._optionals.title = "argumentos", "opciones"
        self.add_argument("-h", "--help", action="help", help="mostrar esta ayuda")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What was typed; a text that isn't in UTF-8 is wrong usage. A path may be any bytes."""
        found = super().parse_args(args, namespace)
        for value in vars(found).values():
            texts = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
            if not all(map(_is_text, texts)):
                self.error(f"no es texto en UTF-8: {ascii(value)}")
        return found

    def error(self, message: str) -> NoReturn:
        """End with what was wrong, what is possible, and code 2."""
        for action in self._actions:
            if action.choices and not action.option_strings and not action.metavar:  # no word says it but its choices
                choices = f"{{{','.join(map(str, action.choices))}}}"
                message = re.sub(rf"\b{action.dest}\b", choices, message, count=1)
        for english, spanish in SAID:
            message = re.sub(english, spanish, message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}. «{self.prog} --help» lo explica.\n")


def _is_text(typed: str) -> bool:
    """Could the bytes that were typed be read?"""
    return not any("\ud800" <= letter <= "\udfff" for letter in typed)
