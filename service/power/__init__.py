"""Day schedules of power, fetched from where the supplier's data are published."""
