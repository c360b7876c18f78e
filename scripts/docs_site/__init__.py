"""What the documentation site has besides the pages of `docs/`: pages from the code, and the grammar of pages."""
