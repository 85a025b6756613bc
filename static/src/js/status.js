// Asks for the state of a gift until it is decided, then shows the page anew.

const EVERY_MS = 2000;
const SLOW_MS = 5000;
const SLOW_AFTER = 30;

export function setUpStatus(page) {
  const box = page.querySelector('[data-status-url]');
  if (!box) return;
  const before = box.dataset.status;
  const line = box.querySelector('[data-status-line]');
  let asked = 0;

  const ask = () => {
    asked += 1;
    fetch(box.dataset.statusUrl, { headers: { Accept: 'application/json' }, cache: 'no-store' })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((data) => {
        if (data && data.status && data.status !== before) {
          if (line) line.textContent = 'نتیجه رسید؛ صفحه تازه می‌شود…';
          window.location.reload();
          return;
        }
        again();
      })
      .catch(again); // the line may be down for a moment
  };
  const again = () => {
    if (line && asked === SLOW_AFTER) {
      line.textContent = 'پاسخ بانک دیر کرده است؛ پرسش ادامه دارد و می‌توانید بعداً با همین نشانی برگردید.';
    }
    setTimeout(ask, asked < SLOW_AFTER ? EVERY_MS : SLOW_MS);
  };
  setTimeout(ask, EVERY_MS);
}
