"""When there is power at a house: day schedules by queue, emergency cuts, and what is laid over them."""
