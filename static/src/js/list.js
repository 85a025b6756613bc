// A long list by keyboard: the arrows go from row to row, one box chooses all that can be chosen.

const rowsOf = (table) => [...table.tBodies[0].rows].filter((row) => row.querySelector('a, input'));

function walk(table) {
  table.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const row = event.target.closest('tbody tr');
    if (!row || !event.target.matches('a, input[type="checkbox"]')) return;
    const rows = rowsOf(table);
    const to = { ArrowDown: rows.indexOf(row) + 1, ArrowUp: rows.indexOf(row) - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || !rows[to]) return;
    event.preventDefault();
    (rows[to].querySelector(event.target.localName) || rows[to].querySelector('a, input')).focus();
  });
}

function chooseAll(table) {
  const boxes = [...table.querySelectorAll('tbody input[type="checkbox"]')];
  const head = table.querySelector('thead [data-choose]');
  if (!head || !boxes.length) return;
  const all = document.createElement('input');
  all.type = 'checkbox';
  all.setAttribute('aria-label', head.dataset.choose);
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
  };
  all.addEventListener('change', () => boxes.forEach((box) => { box.checked = all.checked; }));
  table.addEventListener('change', show);
  head.append(all);
  show();
}

export function setUpLists(page) {
  for (const table of page.querySelectorAll('.table-box > table')) {
    if (!table.tBodies[0]) continue;
    walk(table);
    chooseAll(table);
  }
}
