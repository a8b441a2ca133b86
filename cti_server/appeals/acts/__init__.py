"""The acts of an appeal as forms: their words, their fields, who is offered which."""
