"""The page on which an applicant answers by a link whether the work is done."""
