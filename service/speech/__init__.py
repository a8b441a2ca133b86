"""Words of citizens, written down beside the calls."""
