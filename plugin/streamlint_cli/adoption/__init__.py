"""`streamlint init`: what a project lacks to use streamlint beside its other tools, and the edits that give it that.

Each tool has a module that knows its configuration and edits its text, so that what it does not touch stays as it is,
byte for byte. Edits are put into `Drafts`; only `writing` writes. Parsers of YAML and INI are loaded where there is
such a file.
"""
