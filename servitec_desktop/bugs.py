"""What a person is told of an error of the program; its trace is in the log, and may be copied."""

from servitec_desktop.i18n import tr


def bug_text() -> str:
    """The sentence."""
    return tr("Error del programa. El detalle quedó en la carpeta logs.")
