"""The running hotline: settings, wiring, command line, background work. The only package that imports all."""
