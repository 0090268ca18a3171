/* The tables work without this; with it they are searched, sorted, filtered and turned page by
   page. Rows come from the compressed document at the end of the page (data.rs says what it is),
   and only one page of them is in the document; they are drawn as the template row.html draws them. */
(function () {
  'use strict';
  var PAGE = 100, PRINT = 2000;
  var root = document.documentElement, said = root.dataset;
  var pageWords = said.page.split('|'), mark = said.thousand.slice(1, -3);
  var number = function (n) { return String(n).replace(/\B(?=(\d{3})+$)/g, mark); };
  var fill = function (text, values) {
    return text.replace(/%(\d)/g, function (_, i) { return values[i - 1]; });
  };
  var escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  var esc = function (text) { return text.replace(/[&<>"]/g, function (c) { return escapes[c]; }); };
  var fold = function (text) {
    if (!/^[\x20-\x7e\t]*$/.test(text)) { text = text.normalize('NFKD').replace(/[\u0300-\u036f\u2066-\u2069]/g, ''); }
    return text.toLowerCase();
  };

  /* What a row shows and opens to, as HTML. */
  function draw(row, table) {
    var shows = row[0], more = row[1], columns = table.columns, level = shows[1] ? 'u' + shows[1] : '';
    var html = '<tr' + (shows[0] ? ' id="' + shows[0] + '"' : '') + (level && ' class="' + level + '"') + '>';
    shows[3].forEach(function (text, i) {
      var column = columns[i], tag = i ? 'td' : 'th', severity = table.key(row, columns.length), body = '<bdi>' + esc(text) + '</bdi>';
      if (column.form === 'title') {
        body = '<svg class="mark ' + severity + '" aria-hidden="true"><use href="#' + severity + '"></use></svg><span class="x">' +
          esc(table.texts[columns.length][severity]) + ': </span><b>' + esc(text) + '</b> <bdi class="name">' + esc(shows[4]) + '</bdi>' +
          (shows[5] && ' <span class="effect">' + esc(shows[5]) + '</span>');
      } else if (column.form === 'chip') {
        body = '<span class="chip ' + esc(table.key(row, i)) + '">' + esc(text) + '</span>';
      } else if (column.form === 'find') {
        body = '<a href="#discrepancies" data-find="' + esc(text) + '">' + body + '</a>';
      }
      html += '<' + tag + (i ? '' : ' scope="row"') + ' class="' + column.style + '">' + body + '</' + tag + '>';
    });
    html += '</tr>';
    if (!more[0]) { return html; }
    var wide = function (label, items, before, after) {
      return items.length ? '<div class="wide"><dt>' + esc(label) + '</dt><dd>' + before + items.join('') + after + '</dd></div>' : '';
    };
    var facts = more[1].map(function (fact, i) {
      return fact && '<div><dt>' + esc(table.labels[i]) + '</dt><dd><bdi>' + esc(fact) + '</bdi></dd></div>';
    }).join('');
    return html + '<tr class="more' + (level && ' ' + level) + '"><td colspan="' + columns.length + '"><details><summary>' + esc(more[0]) +
      '</summary><dl>' + facts +
      wide(said.sources, more[2].map(function (s) { return '<li><bdi>' + esc(s) + '</bdi></li>'; }), '<ul>', '</ul>') +
      wide(said.next, more[3].map(function (c) { return '<code>' + esc(c) + '</code> '; }), '', '') +
      '</dl></details></td></tr>';
  }

  function setUp(section, data) {
    var body = section.querySelector('tbody');
    if (!body) { return; }
    var heads = [].slice.call(section.querySelectorAll('thead th'));
    var table = {
      labels: data.labels, texts: data.texts,
      columns: heads.map(function (th) { return { style: th.className, form: th.dataset.form }; }),
      key: function (row, i) { var key = row[0][2][i]; return key === null ? row[0][3][i] : key; }
    };
    var all = data.rows, shown = all, page = 0, order = null, search = [];
    var tools = section.querySelector('.tools'), status = section.querySelector('.status');
    var input = tools.querySelector('input'), selects = [].slice.call(tools.querySelectorAll('select'));
    var pager = document.createElement('p'), back = document.createElement('button'), on = document.createElement('button');
    pager.className = 'pager';
    back.type = on.type = 'button';
    back.textContent = '←';
    on.textContent = '→';
    back.setAttribute('aria-label', pageWords[2]);
    on.setAttribute('aria-label', pageWords[3]);
    pager.append(back, on);
    section.append(pager);

    /* Choices are the values that there are, in the order of the rows: the most urgent first. */
    selects.forEach(function (select) {
      var i = +select.dataset.i, counts = new Map(), texts = table.texts[i];
      all.forEach(function (row) {
        var key = table.key(row, i);
        if (key) {
          var known = counts.get(key);
          if (known) { known.count++; } else { counts.set(key, { count: 1, text: texts ? texts[key] : row[0][3][i] }); }
        }
      });
      select.parentNode.hidden = counts.size < (texts ? 1 : 2) || counts.size > 100;
      counts.forEach(function (of, key) {
        var option = document.createElement('option');
        option.value = key;
        option.dataset.count = of.count;
        option.textContent = of.text + ' (' + number(of.count) + ')';
        select.append(option);
      });
    });

    /* What a row is searched in; made in idle time, so that the first search is as fast as the next. */
    function text(at) {
      if (search[at] === undefined) {
        var shows = all[at][0], more = all[at][1];
        search[at] = fold(shows[3].concat(shows[4], shows[5], more[0], more[1], more[2]).join('\t'));
      }
      return search[at];
    }
    (function prepare(from) {
      var to = Math.min(all.length, from + 1000);
      for (var at = from; at < to; at++) { text(at); }
      if (to < all.length) { setTimeout(prepare, 0, to); }
    })(0);

    function drawn(from, count) {
      body.innerHTML = shown.slice(from, from + count).map(function (row) { return draw(row, table); }).join('');
      section.classList.toggle('flat', !!order);
    }
    function show() {
      var pages = Math.max(1, Math.ceil(shown.length / PAGE));
      page = Math.min(Math.max(page, 0), pages - 1);
      drawn(page * PAGE, PAGE);
      pager.hidden = pages === 1;
      back.disabled = page === 0;
      on.disabled = page === pages - 1;
      var from = shown.length ? page * PAGE + 1 : 0, to = Math.min(shown.length, (page + 1) * PAGE);
      status.textContent = fill(pages === 1 ? pageWords[0] : pageWords[1],
        [number(shown.length), number(all.length), number(from), number(to)]);
    }
    function choose() {
      var wanted = fold(input.value).split(/\s+/).filter(Boolean);
      var filters = selects.filter(function (select) { return select.value !== ''; });
      shown = all.filter(function (row, at) {
        return filters.every(function (select) { return table.key(row, +select.dataset.i) === select.value; }) &&
          wanted.every(function (word) { return text(at).indexOf(word) >= 0; });
      });
      if (order) { shown = order(shown); }
      page = 0;
      show();
    }
    function clear() {
      input.value = '';
      selects.forEach(function (select) { select.value = ''; });
    }
    /* Numbers by their size, words by their letters and the numbers in them; what is not known last. */
    function by(i, isNumber, sign) {
      return function (rows) {
        var keyed = rows.map(function (row) {
          var key = table.key(row, i);
          if (key === '') { return { row: row, key: null }; }
          return { row: row, key: isNumber ? +key : fold(key).replace(/\d+/g, function (n) { return n.padStart(15, '0'); }) };
        });
        keyed.sort(function (a, b) {
          if (a.key === b.key) { return 0; }
          if (a.key === null) { return 1; }
          if (b.key === null) { return -1; }
          return a.key < b.key ? -sign : sign;
        });
        return keyed.map(function (one) { return one.row; });
      };
    }
    heads.forEach(function (th) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = th.textContent;
      th.textContent = '';
      th.append(button);
      th.setAttribute('aria-sort', 'none');
      button.addEventListener('click', function () {
        var now = th.getAttribute('aria-sort');
        var next = now === 'ascending' ? 'descending' : now === 'descending' ? 'none' : 'ascending';
        heads.forEach(function (other) { other.setAttribute('aria-sort', 'none'); });
        th.setAttribute('aria-sort', next);
        order = next === 'none' ? null : by(+th.dataset.i, th.classList.contains('n'), next === 'ascending' ? 1 : -1);
        choose();
      });
    });
    var waiting;
    input.addEventListener('input', function () { clearTimeout(waiting); waiting = setTimeout(choose, 120); });
    tools.addEventListener('change', function (event) { if (event.target !== input) { choose(); } });
    tools.addEventListener('submit', function (event) { event.preventDefault(); clearTimeout(waiting); choose(); });
    tools.addEventListener('reset', function () { setTimeout(choose, 0); });
    back.addEventListener('click', function () { page--; show(); });
    on.addEventListener('click', function () { page++; show(); });
    addEventListener('beforeprint', function () {
      drawn(0, PRINT);
      if (shown.length > PRINT) {
        var note = document.createElement('p');
        note.className = 'cut printed';
        note.textContent = fill(said.print, [number(PRINT), number(shown.length)]);
        body.parentNode.after(note);
      }
    });
    addEventListener('afterprint', function () {
      section.querySelectorAll('.printed').forEach(function (note) { note.remove(); });
      show();
    });
    section.goTo = function (id) {
      var find = function (row) { return row[0][0] === id; };
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
    section.find = function (text) {
      clear();
      input.value = text;
      choose();
    };
    tools.hidden = false;
    show();
  }

  function begin(data) {
    document.querySelectorAll('section.rows').forEach(function (section) { setUp(section, data[section.id]); });
    var list = document.getElementById('discrepancies');
    var follow = function (id) { if (/^d-[0-9a-f]+$/.test(id) && list.goTo) { list.goTo(id); } };
    document.addEventListener('click', function (event) {
      var link = event.target.closest('a[href^="#"]');
      if (!link) { return; }
      if (link.dataset.find) {
        list.find(link.dataset.find);
      } else if (link.hash.indexOf('#d-') === 0) {
        event.preventDefault();
        history.replaceState(null, '', link.hash);
        follow(link.hash.slice(1));
      }
    });
    root.classList.add('js');
    if (location.hash) { follow(location.hash.slice(1)); }
  }

  /* A browser that cannot unpack the rows shows what every browser shows. */
  if (!self.DecompressionStream) { return; }
  var packed = atob(document.getElementById('data').textContent), bytes = new Uint8Array(packed.length);
  for (var at = 0; at < packed.length; at++) { bytes[at] = packed.charCodeAt(at); }
  /* Read piece by piece: Response.json() on the same stream took a second longer. */
  var unpacking = new DecompressionStream('deflate-raw'), into = unpacking.writable.getWriter();
  var from = unpacking.readable.getReader(), decoder = new TextDecoder(), parts = [];
  into.write(bytes);
  into.close();
  (function read() {
    return from.read().then(function (got) {
      if (got.done) { return begin(JSON.parse(parts.join('') + decoder.decode())); }
      parts.push(decoder.decode(got.value, { stream: true }));
      return read();
    });
  })();
})();
