"""The language server: `streamlint server` speaks the Language Server Protocol on its standard streams.

`server` knows the protocol, `session` when to analyse, `projects` how (in one thread), and the other modules each one
feature: plain functions from a `View` of a document to the protocol's values.
"""
