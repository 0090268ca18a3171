#!/usr/bin/env bash
# Makes docs/report.png and docs/report-phone.png, the page of the run over samples/ on a desk and on
# a phone, and docs/mail.png, the HTML of its mail. All are the real thing in a real browser.
#
#     scripts/screenshots.sh                     # builds the release binary first
#     CRP_RECON=path/to/crp-recon scripts/screenshots.sh
#
# Needs a Chromium or Chrome (Debian: apt-get install chromium fonts-noto-core) and Python 3.
set -euo pipefail
cd "$(dirname "$0")/.."

browser=""
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then browser=$name; break; fi
done
if [ -z "$browser" ]; then
  echo "screenshots.sh: no Chromium found (Debian: apt-get install chromium fonts-noto-core)" >&2
  exit 1
fi

if [ -z "${CRP_RECON:-}" ]; then
  cargo build --release --locked
  CRP_RECON=${CARGO_TARGET_DIR:-target}/release/crp-recon
fi
binary=$(realpath "$CRP_RECON")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r samples "$work/samples"
rm -rf "$work/samples/var" "$work/samples/reports" "$work/samples/outbox"
sed -i 's/^formats = .*/formats = ["html"]/' "$work/samples/recon.toml"

# 3: the samples hold one refused file and rejected rows. The night before comes first, so that
# the page has something to compare with.
for day in 2026-11-18 2026-11-20; do
  code=0
  (cd "$work" && "$binary" --quiet --config samples/recon.toml run --as-of "$day") \
    >/dev/null 2>&1 || code=$?
  [ "$code" -eq 3 ] || [ "$code" -eq 0 ] \
    || { echo "screenshots.sh: the run ended with $code" >&2; exit 1; }
done
page=$work/samples/reports/2026-11-20/report.html

python3 - "$work"/samples/outbox/recon-2026-11-20-*.eml >"$work/mail.html" <<'PYTHON'
import email, email.policy, sys

with open(sys.argv[1], "rb") as file:
    mail = email.message_from_binary_file(file, policy=email.policy.default)
print(mail.get_body(("html",)).get_content())
PYTHON
# The folder of the report is the reader's own, not that of this script.
sed -i "s#$work/samples#/srv/recon#g" "$work/mail.html"

# A browser's window is never as narrow as a phone: the phone is a frame in a page.
cat >"$work/phone.html" <<HTML
<!doctype html><meta charset="utf-8"><title>phone</title>
<body style="margin:0;background:#cfd6de;overflow:hidden">
<iframe src="file://$page" style="display:block;width:390px;height:1080px;border:0;margin:20px auto;border-radius:12px"></iframe>
HTML

shoot() { # page, picture, size, scale
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor="${4:-1.5}" \
    --user-data-dir="$work/profile" --window-size="$3" --screenshot="$work/picture.png" "file://$1" \
    >"$work/browser.log" 2>&1 || { cat "$work/browser.log" >&2; exit 1; }
  mv "$work/picture.png" "$2"
  echo "$2: $(wc -c <"$2") bytes"
}
shoot "$page" docs/report.png 1440,1250
shoot "$work/phone.html" docs/report-phone.png 500,1120
shoot "$work/mail.html" docs/mail.png 660,1275 1.25
