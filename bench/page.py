"""How heavy report.html is with some 20,000 open discrepancies, and how fast it opens, searches and sorts.

    bench/page.py --binary target/release/crp-recon [--work DIR] [--lines 135000] [--runs 5]

makes a company of `generate.py` (15 of 100 orders are wrong), lets the binary report it, and works the
page in a headless Chromium as a reader would. The page is measured as it is, but for its content
security policy: a script that is put behind its own posts what it measured to this program. Opening
lasts from the navigation until the tables can be used. Standard library only.
"""

import argparse
import http.server
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PROBE = """
(function wait() {
  if (!document.documentElement.classList.contains('js')) { return setTimeout(wait, 1); }
  var out = { opens: performance.now() };
  var section = document.getElementById('discrepancies'), tools = section.querySelector('.tools');
  var timed = function (work) { var start = performance.now(); work(); void document.body.offsetHeight; return performance.now() - start; };
  var submit = function () { tools.dispatchEvent(new Event('submit', { cancelable: true })); };
  var search = tools.querySelector('input'), heads = section.querySelectorAll('thead th');
  search.value = 'web-00000012'; out.first_search = timed(submit); out.found = section.querySelectorAll('tbody tr[id]').length;
  search.value = 'funding oney'; out.search = timed(submit);
  search.value = ''; submit();
  out.sort_words = timed(function () { heads[0].querySelector('button').click(); });
  out.sort_numbers = timed(function () { heads[6].querySelector('button').click(); });
  out.rows = section.querySelector('.count').textContent;
  fetch('http://127.0.0.1:PORT/', { method: 'POST', mode: 'no-cors', body: JSON.stringify(out) });
})();
"""


def report(args, work):
    """The page of a company whose last evenings are due."""
    here = Path(__file__).parent
    subprocess.run([sys.executable, here / "generate.py", "--out", work, "--lines", str(args.lines)], check=True,
                   stdout=subprocess.DEVNULL)
    config = work / "recon.toml"
    config.write_text(config.read_text().replace('["csv", "json"]', '["html"]'))
    run = [args.binary.resolve(), "--quiet", "--config", config, "run", "--as-of", "2026-05-31"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    return work / "reports" / "2026-05-31" / "report.html"


class Said(http.server.BaseHTTPRequestHandler):
    """Takes what a page says."""

    def do_POST(self):
        self.server.said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        threading.Thread(target=self.server.shutdown).start()

    def log_message(self, *_):
        pass


def measure(browser, page, work):
    server = http.server.HTTPServer(("127.0.0.1", 0), Said)
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"), count=1)
    script = PROBE.replace("PORT", str(server.server_port))
    before, after = html.rsplit("</body>", 1)
    probed = work / "probed.html"
    probed.write_text(f"{before}<script>{script}</script></body>{after}", encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        chromium = subprocess.Popen(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--window-size=1440,900", "--remote-debugging-port=0", f"--user-data-dir={profile}", probed.as_uri()],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            server.serve_forever()
        finally:
            chromium.terminate()
            chromium.wait()
    return server.said


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("--work", type=Path)
    arguments.add_argument("--lines", type=int, default=135_000)
    arguments.add_argument("--runs", type=int, default=5)
    args = arguments.parse_args()
    browser = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if browser is None:
        sys.exit("page.py: no Chromium found (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as temporary:
        work = args.work or Path(temporary)
        page = report(args, work)
        runs = [measure(browser, page, work) for _ in range(args.runs)]
        print(f"{runs[0]['rows']} discrepancies, {page.stat().st_size / 1e6:.2f} MB; medians of {args.runs} runs, ms")
        print("| opens | first search | search | sort by words | sort by numbers |\n|---|---|---|---|---|")
        names = ["opens", "first_search", "search", "sort_words", "sort_numbers"]
        print("| " + " | ".join(f"{statistics.median(run[name] for run in runs):.0f}" for name in names) + " |")


if __name__ == "__main__":
    main()
