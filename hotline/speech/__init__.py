"""Words that the hotline hears: what an ear is, how good it is, and what it wrote down of citizens' words."""
