"""The command line, without Qt: `arguments` says what there is, a module here does it when it is asked for."""
