"""What applicants said by voice of an appeal that they disputed, heard from its card."""
