"""Engines that hear: each reads models of its own kind, and none is loaded before there is work for it."""
