"""Where everything is kept: tables, repositories, migrations."""
