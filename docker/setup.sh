#!/bin/sh
# What has to be there before the service starts: tables, demo data if asked for, prompts.
set -eu
hotline migrate
if [ "$HOTLINE_DEMO" = 1 ]; then
    hotline seed
fi
hotline prompts
