"""Seconds in which the service's parts have to end once it is told to stop."""

LEAVE_SECONDS = 2.0
"""Open pages and tasks."""
DELIVERING_SECONDS = 5.0
"""A letter or message that is just being handed over."""
ENDING_SECONDS = 2 * LEAVE_SECONDS + DELIVERING_SECONDS + 1.0
"""From the signal to stop until nothing is left but to close the journal."""
BEGIN_ANEW = 75
"""Exit code of a service whose settings were changed: all is begun anew, Asterisk as well (EX_TEMPFAIL)."""
SUPERVISED = "BEGUN_BY_SUPERVISOR"
"""A variable that `hotline up` gives its service alone: what ends with `BEGIN_ANEW` is begun anew whole."""
