"""The pages and interfaces that people and programs reach over HTTP."""
