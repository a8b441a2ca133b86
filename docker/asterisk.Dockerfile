# Asterisk 22 with our configuration. Debian's stable releases have no Asterisk; sid does.
ARG DEBIAN_SID=debian:sid-slim
FROM ${DEBIAN_SID}

# python3 and tzdata: the configuration is rendered from the environment at each start, by standard Python alone.
RUN apt-get update \
    && apt-get install -y --no-install-recommends asterisk asterisk-modules asterisk-config \
        asterisk-core-sounds-en asterisk-moh-opsound-wav ca-certificates python3 tzdata \
    && rm -rf /var/lib/apt/lists/*

ARG UID=1000
RUN install -d -m 700 -o "$UID" /var/lib/hotline

WORKDIR /opt/hotline
COPY asterisk-conf asterisk-conf
COPY hotline hotline
COPY service service
COPY docker/run_asterisk.py docker/run_asterisk.py
ENV PYTHONPATH=/opt/hotline PYTHONDONTWRITEBYTECODE=1

USER $UID
CMD ["python3", "docker/run_asterisk.py"]
