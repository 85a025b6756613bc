// A form is sent once: a second tap on a slow line does nothing. The button is
// disabled only after the browser has taken its value, and comes back when the
// visitor returns to the page.

const WAIT_MS = 20000;

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[data-held]')) {
    button.disabled = false;
    delete button.dataset.held;
  }
}

export function setUpForms(page) {
  page.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || form.dataset.noGuard !== undefined) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    setTimeout(() => {
      for (const button of form.querySelectorAll('button:not([type="button"]):not(:disabled)')) {
        button.dataset.held = 'yes';
        button.disabled = true;
      }
    });
    setTimeout(() => release(form), WAIT_MS);
  });
  window.addEventListener('pageshow', () => {
    for (const form of page.querySelectorAll('form[data-sent]')) release(form);
  });

  const summary = page.querySelector('[data-errors]');
  if (summary) summary.focus();
}
