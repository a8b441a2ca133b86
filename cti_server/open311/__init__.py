"""Open311 GeoReport v2: reports of other systems and their state, as the standard has them."""
