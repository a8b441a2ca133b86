"""Sound of people where it is kept: encrypted or plain, here or in a store elsewhere."""
