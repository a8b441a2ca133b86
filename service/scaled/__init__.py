"""Several processes of the hotline on one machine, two of each part: `./start --scaled`."""
