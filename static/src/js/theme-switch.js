// Light or dark by the visitor's own choice, kept on this device.

export function setUpThemeSwitch(page) {
  const root = page.documentElement;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const buttons = page.querySelectorAll('[data-theme-switch]');
  const current = () => root.dataset.theme || (system.matches ? 'dark' : 'light');

  const show = () => {
    for (const button of buttons) {
      button.hidden = false;
      for (const part of button.querySelectorAll('[data-when]')) {
        part.hidden = part.dataset.when !== current();
      }
    }
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      root.dataset.theme = current() === 'dark' ? 'light' : 'dark';
      try {
        localStorage.setItem('theme', root.dataset.theme);
      } catch (refused) {
        // Kept for this page only.
      }
      show();
    });
  }
  system.addEventListener('change', show);
  show();
}
