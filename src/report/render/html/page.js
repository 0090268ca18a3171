/* The tables work without this; with it they are searched, sorted, filtered and turned page by
   page. Only one page of rows is in the document: what the browser did not have to lay out while
   loading stands in <noscript>, one row a line, and stays text until its page is shown. */
(function () {
  'use strict';
  var PAGE = 100, PRINT = 2000;
  var root = document.documentElement, lang = root.lang;
  var collator = new Intl.Collator(lang, { numeric: true, sensitivity: 'base' });
  var number = function (n) { return n.toLocaleString(lang); };
  var fill = function (text, values) {
    return text.replace(/%(\d)/g, function (_, i) { return values[i - 1]; });
  };
  var entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#38': '&', '#60': '<', '#62': '>', '#34': '"', '#39': "'" };
  var plain = function (html) {
    return html.replace(/<[^>]*>/g, ' ').replace(/&(#?\w+);/g, function (all, name) { return entities[name] || all; });
  };
  var fold = function (text) {
    return text.normalize('NFKD').replace(/[\u0300-\u036f\u2066-\u2069]/g, '').toLowerCase();
  };
  root.classList.add('js');

  function Row(html) {
    this.html = html;
    this.keys = plain(html.slice(html.indexOf('data-k="') + 8, html.indexOf('"', html.indexOf('data-k="') + 8))).split('\t');
    this.text = null;
  }
  Row.prototype.has = function (words) {
    if (!words.length) { return true; }
    if (this.text === null) { this.text = fold(plain(this.html) + ' ' + this.keys.join(' ')); }
    for (var i = 0; i < words.length; i++) { if (this.text.indexOf(words[i]) < 0) { return false; } }
    return true;
  };

  function collect(section, body) {
    var rows = [], html = '';
    for (var tr = body.firstElementChild; tr; tr = tr.nextElementSibling) {
      if (tr.className !== 'more' && html) { rows.push(new Row(html)); html = ''; }
      html += tr.outerHTML;
    }
    if (html) { rows.push(new Row(html)); }
    var rest = section.querySelector('noscript');
    if (rest) {
      rest.textContent.split('\n').forEach(function (line) {
        if (line.indexOf('data-k="') > 0) { rows.push(new Row(line)); }
      });
      rest.remove();
    }
    return rows;
  }

  function setUp(section) {
    var body = section.querySelector('tbody');
    if (!body) { return; }
    var all = collect(section, body), shown = all, page = 0, order = null;
    var tools = section.querySelector('.tools'), status = section.querySelector('.status');
    var search = tools.querySelector('input');
    var pager = document.createElement('p'), back = document.createElement('button'), on = document.createElement('button');
    pager.className = 'pager';
    back.type = on.type = 'button';
    back.textContent = '←';
    on.textContent = '→';
    var words = section.dataset.page.split('|');
    back.setAttribute('aria-label', words[2]);
    on.setAttribute('aria-label', words[3]);
    pager.append(back, on);
    section.append(pager);

    function draw(from, count) {
      body.innerHTML = shown.slice(from, from + count).map(function (row) { return row.html; }).join('\n');
    }
    function show() {
      var pages = Math.max(1, Math.ceil(shown.length / PAGE));
      page = Math.min(Math.max(page, 0), pages - 1);
      draw(page * PAGE, PAGE);
      pager.hidden = pages === 1;
      pager.style.display = '';
      back.disabled = page === 0;
      on.disabled = page === pages - 1;
      var from = shown.length ? page * PAGE + 1 : 0, to = Math.min(shown.length, (page + 1) * PAGE);
      status.textContent = fill(pages === 1 ? words[0] : words[1],
        [number(shown.length), number(all.length), number(from), number(to)]);
    }
    function choose() {
      var wanted = fold(search.value).split(/\s+/).filter(Boolean);
      var filters = [].map.call(tools.querySelectorAll('select'), function (select) {
        return [+select.dataset.i, select.value];
      }).filter(function (filter) { return filter[1] !== ''; });
      shown = all.filter(function (row) {
        return filters.every(function (filter) { return row.keys[filter[0]] === filter[1]; }) && row.has(wanted);
      });
      if (order) { shown.sort(order); }
      page = 0;
      show();
    }
    function clear() {
      search.value = '';
      tools.querySelectorAll('select').forEach(function (select) { select.value = ''; });
    }
    function sortBy(th) {
      var i = +th.dataset.i, isNumber = th.classList.contains('n');
      var now = th.getAttribute('aria-sort');
      var next = now === 'ascending' ? 'descending' : now === 'descending' ? 'none' : 'ascending';
      section.querySelectorAll('th[aria-sort]').forEach(function (other) { other.setAttribute('aria-sort', 'none'); });
      th.setAttribute('aria-sort', next);
      var sign = next === 'descending' ? -1 : 1;
      order = next === 'none' ? null : function (a, b) {
        var x = a.keys[i], y = b.keys[i];
        if (x === y) { return 0; }
        if (x === '') { return 1; }
        if (y === '') { return -1; }
        return sign * (isNumber ? x - y : collator.compare(x, y));
      };
      choose();
    }
    section.querySelectorAll('thead th').forEach(function (th) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = th.textContent;
      th.textContent = '';
      th.append(button);
      th.setAttribute('aria-sort', 'none');
      button.addEventListener('click', function () { sortBy(th); });
    });
    var waiting;
    search.addEventListener('input', function () { clearTimeout(waiting); waiting = setTimeout(choose, 120); });
    tools.addEventListener('change', function (event) { if (event.target !== search) { choose(); } });
    tools.addEventListener('submit', function (event) { event.preventDefault(); clearTimeout(waiting); choose(); });
    tools.addEventListener('reset', function () { setTimeout(choose, 0); });
    back.addEventListener('click', function () { page--; show(); });
    on.addEventListener('click', function () { page++; show(); });
    addEventListener('beforeprint', function () {
      draw(0, PRINT);
      if (shown.length > PRINT) {
        var note = document.createElement('p');
        note.className = 'cut printed';
        note.textContent = fill(section.dataset.print, [number(PRINT), number(shown.length)]);
        body.parentNode.after(note);
      }
    });
    addEventListener('afterprint', function () {
      section.querySelectorAll('.printed').forEach(function (note) { note.remove(); });
      show();
    });
    section.goTo = function (id) {
      var find = function (row) { return row.html.indexOf('<tr id="' + id + '"') === 0; };
      if (!shown.some(find)) { clear(); choose(); }
      var at = shown.findIndex(find);
      if (at < 0) { return; }
      page = Math.floor(at / PAGE);
      show();
      var tr = document.getElementById(id);
      var details = tr.nextElementSibling.querySelector('details');
      details.open = true;
      tr.scrollIntoView({ block: 'center' });
      details.firstElementChild.focus({ preventScroll: true });
    };
    section.choose = function (i, value) {
      clear();
      var select = tools.querySelector('select[data-i="' + i + '"]');
      if (select) { select.value = value; }
      choose();
    };
    tools.hidden = false;
    show();
  }

  var sections = document.querySelectorAll('section.rows');
  sections.forEach(setUp);
  var follow = function (id) {
    var section = document.getElementById('discrepancies');
    if (/^d-[0-9a-f]+$/.test(id) && section.goTo) { section.goTo(id); }
  };
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[href^="#"]');
    if (!link) { return; }
    if (link.dataset.set) {
      var set = link.dataset.set.split('=');
      document.getElementById('discrepancies').choose(set[0], set[1]);
    } else if (link.hash.indexOf('#d-') === 0) {
      event.preventDefault();
      history.replaceState(null, '', link.hash);
      follow(link.hash.slice(1));
    }
  });
  if (location.hash) { follow(location.hash.slice(1)); }
})();
