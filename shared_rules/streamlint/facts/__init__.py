"""One file's text as plain values: `streamlint.facts.ir` says which, `streamlint.facts.extract` makes them."""
