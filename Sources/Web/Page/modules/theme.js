// Runs before anything is painted, so that nobody who chose dark sees a flash of light.
{
  let chosen = null;
  try { chosen = localStorage.getItem("offbeat-theme"); } catch { /* A browser may keep nothing. */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
