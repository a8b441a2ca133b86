"""What a dispatcher's desk shows and keeps."""
