"""The tokens that open something at this moment, with their makers' rights of this moment."""

from collections.abc import Collection, Mapping

from attrs import define

from hotline.access.acting_heads import ActingHeads, as_they_stand
from hotline.access.tokens import Token, Tokens
from hotline.access.users import Users
from hotline.clock import Clock


@define(eq=False, repr=False, kw_only=True)
class GoodTokens:
    """Looks tokens and their makers up. `code_needed`: makers owe a one-time code; not in the demo city."""

    _tokens: Tokens
    _users: Users
    _acting_heads: ActingHeads
    _clock: Clock
    _code_needed: bool

    async def named(self, token_id: int) -> Token:
        """Give a token whether it is good or not; raises NotFound."""
        return await self._tokens.get(token_id)

    async def those(self, token_ids: Collection[int]) -> Mapping[int, Token]:
        """Give those of these that are good now; the others are left out."""
        now, tokens = self._clock.now(), await self._tokens.those(token_ids)
        found = await self._users.those({one.user_id for one in tokens.values()})
        makers = await as_they_stand(found, self._acting_heads, now, code_needed=self._code_needed)
        return {key: one for key, one in tokens.items() if one.good(now, makers[one.user_id])}
