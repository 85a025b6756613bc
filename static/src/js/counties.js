// The county list follows the chosen province. Without scripts a button asks
// the server for the same list.

const known = new Map();

function load(url) {
  if (!known.has(url)) {
    known.set(
      url,
      fetch(url, { headers: { Accept: 'application/json' } }).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      }),
    );
    known.get(url).catch(() => known.delete(url));
  }
  return known.get(url);
}

export function setUpCounties(page) {
  for (const select of page.querySelectorAll('select[data-counties]')) {
    const province = select.form && select.form.elements[select.dataset.of || 'province'];
    if (!province) continue;
    const first = select.options[0];
    const field = select.closest('.field');

    const update = () => {
      const code = province.value;
      select.replaceChildren(first);
      select.value = '';
      select.disabled = !code;
      if (field) field.hidden = !code;
      if (!code) return;
      load(select.dataset.counties.replace('{code}', code)).then(
        (data) => {
          if (province.value !== code) return;
          const rows = Array.isArray(data) ? data : data.results || data.counties || [];
          select.append(...rows.map((row) => new Option(row.name, row.code)));
        },
        () => {}, // the gift simply goes to the whole province
      );
    };

    province.addEventListener('change', update);
    if (!province.value) update();
  }
}
