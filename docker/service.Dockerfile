# The service, with RHVoice to speak its prompts. RHVoice is in Debian's non-free component: its Ukrainian
# voices may be used and passed on freely, but come without the means to train them again.
FROM node:22-trixie-slim AS assets
WORKDIR /opt/hotline
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY setup/assets.mjs setup/
COPY cti_server/web cti_server/web
RUN node setup/assets.mjs

FROM python:3.13-slim-trixie

RUN sed -i 's/^Components: main$/Components: main contrib non-free/' /etc/apt/sources.list.d/debian.sources \
    && apt-get update \
    && apt-get install -y --no-install-recommends rhvoice rhvoice-ukrainian rhvoice-english fonts-unifont tzdata \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/hotline
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=assets /opt/hotline/cti_server/static cti_server/static
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

ARG UID=1000
RUN install -d -m 700 -o "$UID" /var/lib/hotline

USER $UID
CMD ["hotline", "serve"]
