"""Attachments and spoken remarks of appeals: uploaded piece by piece, served to users who may see them."""
