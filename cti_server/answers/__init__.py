"""Where an applicant says by a link whether it is done."""
