// Copy buttons: always plain ASCII digits, whatever is shown.

function copyByHand(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'sr';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done ? Promise.resolve() : Promise.reject(new Error('copy refused'));
}

export function setUpCopyButtons(page) {
  for (const button of page.querySelectorAll('[data-copy]')) {
    const label = button.querySelector('[data-copy-label]') || button;
    const before = label.textContent;
    button.hidden = false;
    button.addEventListener('click', () => {
      const text = button.dataset.copy;
      const written = navigator.clipboard
        ? navigator.clipboard.writeText(text).catch(() => copyByHand(text))
        : copyByHand(text);
      written.then(
        () => {
          label.textContent = 'کپی شد';
          setTimeout(() => {
            label.textContent = before;
          }, 2500);
        },
        () => {
          label.textContent = 'کپی نشد';
        },
      );
    });
  }
}
