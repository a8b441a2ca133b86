# ruff: noqa: INP001 - a script, not a package
"""The service's health check: fails when the pages do not answer. Some engines quote no arguments."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:8080/health/live", timeout=4)
