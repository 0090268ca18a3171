/* Works the page like a reader would and says what it then shows, as JSON in the title. */
(function probe() {
  'use strict';
  if (!document.documentElement.classList.contains('js')) { return setTimeout(probe, 10); }
  var all = function (selector, root) { return [].slice.call((root || document).querySelectorAll(selector)); };
  var section = document.getElementById('discrepancies');
  var tools = section.querySelector('.tools');
  var out = {};
  var ids = function () { return all('tbody tr[id]', section).map(function (tr) { return tr.id.slice(2); }); };
  var status = function () { return section.querySelector('.status').textContent; };
  var submit = function () { tools.dispatchEvent(new Event('submit', { cancelable: true })); };
  var timed = function (work) { var start = performance.now(); work(); void document.body.offsetHeight; return Math.round(performance.now() - start); };
  out.loaded_ms = Math.round(performance.now());
  out.elements = document.getElementsByTagName('*').length;
  out.before = ids();
  out.status = status();
  out.below = all('tbody tr[id].u1', section).map(function (tr) { return tr.id.slice(2); });
  var th = section.querySelector('th[data-i="6"]'), button = th.querySelector('button');
  out.sort_ms = timed(function () { button.click(); });
  out.ascending = ids();
  out.said = th.getAttribute('aria-sort');
  button.click();
  out.descending = ids();
  button.click();
  out.as_before = ids();
  var code = tools.querySelector('select[data-i="9"]');
  out.counts = all('option[data-count]', code).map(function (o) { return [o.value, o.dataset.count]; });
  if (code) {
    code.value = WANTED_CODE;
    code.dispatchEvent(new Event('change', { bubbles: true }));
    out.of_code = ids();
    code.value = '';
  }
  var search = tools.querySelector('input');
  search.value = WANTED_TEXT;
  out.search_ms = timed(submit);
  out.searched = ids();
  search.value = '';
  submit();
  var last = WANTED_ID;
  section.goTo('d-' + last);
  var row = document.getElementById('d-' + last);
  out.opened = row.nextElementSibling.querySelector('details').open;
  out.detail = row.nextElementSibling.textContent;
  out.focused = document.activeElement.tagName;
  out.exposure = all('[data-figure][data-amount]').filter(function (s) { return s.dataset.amount; })
    .map(function (s) { return [s.dataset.figure, s.dataset.currency, s.dataset.amount]; });
  var find = document.querySelector('#payouts [data-find]');
  if (find) {
    find.click();
    out.found = [find.dataset.find, ids()];
  }
  out.ageing = all('[data-bucket]').map(function (t) { return [t.dataset.bucket, t.dataset.count]; });
  out.residuals = all('[data-residual]').map(function (b) { return [b.dataset.provider, b.dataset.currency, b.dataset.residual]; });
  out.unlabelled = all('input, select, button').filter(function (e) {
    return !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label');
  }).length + all('button').filter(function (e) { return !e.textContent.trim(); }).length;
  out.unscoped = all('th:not([scope])').length;
  out.headings = all('h1').length;
  out.dark = matchMedia('(prefers-color-scheme: dark)').matches;

  /* WCAG 2.2, 1.4.3: the contrast of each text with what is behind it. */
  var light = function (rgb) {
    var part = rgb.map(function (c) { c /= 255; return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  var rgba = function (text) { return text.match(/[\d.]+/g).map(Number); };
  var worst = 21, where = '';
  var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    var element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || !element.getClientRects().length || element.closest('script, noscript, option, .x, :disabled')) { continue; }
    var ink = rgba(element instanceof SVGElement ? style.fill : style.color), behind = element, ground = [0, 0, 0, 0];
    while (behind && (ground.length === 4 && ground[3] === 0)) { ground = rgba(getComputedStyle(behind).backgroundColor); behind = behind.parentElement; }
    var a = light(ink), b = light(ground), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst) { worst = ratio; where = element.tagName + '.' + element.className + ': ' + walker.currentNode.data.trim().slice(0, 40); }
  }
  out.contrast_percent = Math.floor(worst * 100);
  out.contrast_where = where;
  var answer = document.createElement('pre');
  answer.id = 'probe';
  answer.textContent = JSON.stringify(out);
  document.body.append(answer);
})();
