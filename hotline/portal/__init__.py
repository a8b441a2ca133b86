"""The portal of residents: they report without a dispatcher, and follow what they reported."""
