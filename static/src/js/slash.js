// «/» leads to the search field of the workspace, unless somebody is typing.

const typing = 'input, textarea, select, [contenteditable]';

export function setUpSlash(page) {
  const field = page.querySelector('[data-slash]');
  if (!field) return;
  page.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest(typing)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
