from tests.cti_server.handling.conftest import app, filled, head, maria, olena, rival, road

__all__ = ["app", "filled", "head", "maria", "olena", "rival", "road"]
