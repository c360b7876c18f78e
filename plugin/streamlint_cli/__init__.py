"""The command line `streamlint`: words, colours, exit codes and files around the engine's values."""
