#!/bin/sh
# The database container's program: makes the cluster the first time, then becomes PostgreSQL.
# PGDATA, POSTGRES_USER, POSTGRES_DB and POSTGRES_PASSWORD_FILE are named as for the official image.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --encoding=UTF8 --auth-local=trust \
        --auth-host=scram-sha-256
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    # Nobody can reach it over the network before the database is there.
    pg_ctl --wait --options="-c listen_addresses=" start
    createdb --username="$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_DB"
    pg_ctl --wait stop
fi
exec postgres -c 'listen_addresses=*'
