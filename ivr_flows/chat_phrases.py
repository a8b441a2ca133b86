"""Phrases for callers who go on with what they began in writing, or go on in writing."""

from dataclasses import replace

from ivr_flows.languages import phrase

GO_ON_WITH_CHAT = replace(phrase("go-on-with-chat"), once=True)
GOES_ON_BY_PHONE = phrase("goes-on-by-phone")
IS_OVER = phrase("written-is-over")
IN_WRITING = phrase("go-on-in-writing")
LINK_SENT = replace(phrase("link-sent"), once=True)
LINK_NOT_SENT = replace(phrase("link-not-sent"), once=True)

FIXED = (GO_ON_WITH_CHAT, GOES_ON_BY_PHONE, IS_OVER, IN_WRITING, LINK_SENT, LINK_NOT_SENT)
