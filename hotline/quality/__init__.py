"""Quality of talks (regulation 6.8): forms, which talks are assessed, their scores, disputes and training."""
