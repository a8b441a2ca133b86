# shellcheck shell=bash
# Patroni, etcd and pgbouncer, where two database machines and a third keep the database: only the tests start them here.

database_packages=(patroni python3-etcd etcd-server pgbouncer pgbackrest)

need_database_machines() {
    need_packages "${database_packages[@]}"
    if [[ -d /run/systemd/system ]]; then
        # Where no such machine is meant to be, nothing of theirs listens after the next boot.
        as_root "systemctl disable patroni etcd pgbouncer" systemctl disable patroni.service etcd.service pgbouncer.service
    fi
}
