"""Why a program's request is not done. Each has a status and words in `problems.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.errors import HotlineError


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a request: its place, such as `body.applicant.name`, and the reason.

    Values are filled into the reason in their order (`{0}`), or by their names (`%(name)s`) as in our own
    errors.
    """

    where: str
    reason: str
    values: Sequence[str] | Mapping[str, object] = ()

    def said(self, reason: str) -> str:
        """Fill the values into the reason, in the language in which it is given."""
        if not self.values:
            return reason
        return reason % self.values if isinstance(self.values, Mapping) else reason.format(*self.values)


class Invalid(HotlineError):  # noqa: N818 - reads as what it is
    """Something that was sent breaks a rule; each fault names the place, the reason and the mend."""

    code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"{one.where}: {one.said(one.reason)}" for one in faults))
        self.faults = faults


class Alike(Invalid):
    """The entry may exist already; each fault names a similar one."""

    code = "alike"


class NoHouseNear(Invalid):
    """No house of the city's map is near the coordinates."""

    code = "no-house-near"


class NotJson(HotlineError):  # noqa: N818 - reads as what it is
    """The body cannot be read as JSON at all."""

    code = "not-json"


class JsonNeeded(HotlineError):  # noqa: N818 - reads as what is missing
    """The body says that it is something other than JSON."""

    code = "json-needed"


class OctetsNeeded(HotlineError):  # noqa: N818 - reads as what is missing
    """The body, which is to be a file alone, says that it is something else."""

    code = "octets-needed"


class PersonalData(HotlineError):  # noqa: N818 - reads as what it is about
    """The token may not see personal data, and this is nothing else."""

    code = "personal-data"


class ConditionNeeded(HotlineError):  # noqa: N818 - reads as what is missing
    """A change says, by If-Match, which state of the thing it was made upon."""

    code = "condition-needed"


class KeyReused(HotlineError):  # noqa: N818 - reads as what happened
    """The Idempotency-Key came before, with another request."""

    code = "key-reused"
