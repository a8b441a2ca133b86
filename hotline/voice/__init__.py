"""The hotline's voice: phrases, and recordings of people who say them."""
