/* Landmarks that the admin's library leaves out, for screen readers. */
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("main")?.setAttribute("role", "main");
  const side = document.getElementById("nav-sidebar-apps");
  side?.setAttribute("role", "navigation");
  side?.setAttribute("aria-label", "بخش‌های مدیریت");
});
