# PostgreSQL 17 of Debian. A folder that the official image `postgres:17` has filled is taken over as it is:
# the same major version, and the locale that it was made with.
ARG DEBIAN=debian:trixie-slim
FROM ${DEBIAN}
RUN apt-get update \
    && apt-get install -y --no-install-recommends locales tzdata \
    && localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8 \
    && install -d /etc/postgresql-common \
    && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
    && apt-get install -y --no-install-recommends postgresql-17 \
    && rm -rf /var/lib/apt/lists/*
ENV LANG=en_US.utf8 PATH=/usr/lib/postgresql/17/bin:$PATH

ARG UID=1000
RUN install -d -m 700 -o "$UID" /var/lib/postgresql/data
COPY docker/run_postgres.sh /usr/local/bin/

USER $UID
# "Fast": open sessions do not keep it from ending.
STOPSIGNAL SIGINT
CMD ["sh", "/usr/local/bin/run_postgres.sh"]
