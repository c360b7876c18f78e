"""The language server (not part of this release yet)."""
