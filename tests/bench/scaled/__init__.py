"""The hotline of several machines, all of them in one: networks, disks and clocks of their own."""
