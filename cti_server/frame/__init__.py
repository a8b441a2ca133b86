"""What all pages share: the frame, the words, the files that browsers load."""
