#!/usr/bin/env bash
# Draws docs/picture.png: what the run over samples/ prints, and some rows of its
# discrepancies.csv. Both are the real output; only the layout is made here.
#
#     scripts/picture.sh                     # builds the release binary first
#     CRP_RECON=path/to/crp-recon scripts/picture.sh
#
# Needs python3 and a Chromium or Chrome (Debian: apt-get install chromium fonts-dejavu-core).
set -euo pipefail
cd "$(dirname "$0")/.."

browser=""
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then browser=$name; break; fi
done
if [ -z "$browser" ]; then
  echo "picture.sh: no Chromium found (Debian: apt-get install chromium fonts-dejavu-core)" >&2
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
rm -rf "$work/samples/var" "$work/samples/reports"

# 3: the samples hold one refused file and three rejected rows.
code=0
(cd "$work" && "$binary" --quiet --config samples/recon.toml run --as-of 2026-11-20) \
  >"$work/printed.txt" 2>/dev/null || code=$?
[ "$code" -eq 3 ] || { echo "picture.sh: the run ended with $code instead of 3" >&2; exit 1; }
# The folder is a temporary one: the picture shows the path that a reader will see.
sed -i "s|$work/||" "$work/printed.txt"

python3 docs/picture.py "$work/printed.txt" "$work/samples/reports/2026-11-20/discrepancies.csv" \
  >"$work/picture.html"
# As wide as a README, as high as the page turns out to be.
height=$(sed -n 's/.*data-height="\([0-9]*\)".*/\1/p' "$work/picture.html")
"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1.5 \
  --user-data-dir="$work/profile" --window-size="1200,$height" --screenshot="$work/picture.png" \
  "file://$work/picture.html" >"$work/browser.log" 2>&1 \
  || { cat "$work/browser.log" >&2; exit 1; }
mv "$work/picture.png" docs/picture.png
echo "docs/picture.png: $(wc -c <docs/picture.png) bytes"
