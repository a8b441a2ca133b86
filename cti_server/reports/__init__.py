"""Reports: papers that are signed and sent, the rating of enterprises, a builder, reference papers."""
