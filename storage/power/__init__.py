"""When there is power: day schedules by queue, emergency cuts."""
