"""Reports on the database: measures counted, papers kept, schedules."""
