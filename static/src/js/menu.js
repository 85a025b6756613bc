// The phone's menu is a <details>; here it also closes by Escape and by a tap beside it.

export function setUpMenu(page) {
  for (const menu of page.querySelectorAll('[data-menu]')) {
    page.addEventListener('click', (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && menu.open) {
        menu.open = false;
        menu.querySelector('summary').focus();
      }
    });
  }
}
