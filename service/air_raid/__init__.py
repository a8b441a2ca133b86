"""Air-raid alerts, asked for at alerts.in.ua."""
