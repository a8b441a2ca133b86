"""The set-up of a new city: pages for one browser that had the code, closed for good afterwards."""
