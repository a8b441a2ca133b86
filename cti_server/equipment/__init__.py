"""The board of equipment (regulation 6.7): states, history, whom an item calls, times of maintenance."""
