# The service, with RHVoice to speak its prompts. RHVoice is in Debian's non-free component: its Ukrainian
# voices may be used and passed on freely, but come without the means to train them again.
FROM python:3.13-slim-trixie

RUN sed -i 's/^Components: main$/Components: main contrib non-free/' /etc/apt/sources.list.d/debian.sources \
    && apt-get update \
    && apt-get install -y --no-install-recommends rhvoice rhvoice-ukrainian rhvoice-english tzdata \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/hotline
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

ARG UID=1000
RUN install -d -m 700 -o "$UID" /var/lib/hotline

USER $UID
CMD ["hotline", "serve"]
