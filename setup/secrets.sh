# shellcheck shell=bash
# Secrets that programs share with one another: made once, readable by their owner only, never in git.

# need_secrets NAME…: each becomes a file of 48 hexadecimal digits.
need_secrets() {
    local folder=$HOTLINE_VAR/secrets name
    (
        umask 077
        mkdir -p "$folder"
        for name in "$@"; do
            [[ -s $folder/$name ]] && continue
            od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$name.new"
            mv "$folder/$name.new" "$folder/$name"
        done
        chmod 700 "$folder"
        find "$folder" -type f -exec chmod 600 {} +
    )
}
