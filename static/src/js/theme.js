// Runs before the page is painted, so that a chosen scheme never flickers.
try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'dark' || chosen === 'light') {
    document.documentElement.dataset.theme = chosen;
  }
} catch (refused) {
  // Storage may be closed to us; the system's setting holds.
}
