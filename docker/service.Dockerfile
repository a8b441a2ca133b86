# The service, with RHVoice to speak its prompts. RHVoice is in Debian's non-free component: its Ukrainian
# voices may be used and passed on freely, but come without the means to train them again.
ARG DEBIAN=debian:trixie-slim
FROM ${DEBIAN} AS python
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv tzdata \
    && rm -rf /var/lib/apt/lists/*

# Secrets of the build, where a network of one's own needs them: the settings of pip and npm, and certificates that
# these may name as /run/secrets/certificates. None of them stays in an image.
FROM python AS assets
WORKDIR /opt/hotline
COPY package.json package-lock.json .npmrc ./
COPY setup setup
COPY cti_server cti_server
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=npm,target=/root/.npmrc \
    --mount=type=secret,id=certificates \
    python3 -m venv /opt/venv \
    && HOTLINE_VENV=/opt/venv HOTLINE_VAR=/tmp/var bash -euc 'source setup/common.sh; source setup/assets.sh; need_assets'

FROM python AS hotline
RUN find /etc/apt/sources.list.d -name '*.sources' -exec sed -i 's/^Components: main$/Components: main contrib non-free/' {} + \
    && apt-get update \
    && apt-get install -y --no-install-recommends rhvoice rhvoice-ukrainian rhvoice-english fonts-unifont \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/hotline
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt .
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=certificates \
    python3 -m venv /opt/venv && pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=assets /opt/hotline/cti_server/static cti_server/static
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

ARG UID=1000
RUN install -d -m 700 -o "$UID" /var/lib/hotline

USER $UID

# Kamailio before several nodes (docker-compose.scaled.yml), with the command that renders its configuration.
FROM hotline AS edge
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends kamailio kamailio-postgres-modules kamailio-extra-modules \
        kamailio-websocket-modules kamailio-tls-modules \
    && rm -rf /var/lib/apt/lists/*
ARG UID=1000
USER $UID
CMD ["hotline", "edge", "run"]

FROM hotline
CMD ["hotline", "serve"]
